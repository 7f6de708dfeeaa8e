import { TobiishiError } from '@tobiishi/core'

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Another connection holds the lock: the same work may succeed a moment later. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))

/** What SQLite said, as an error of ours; ours pass unchanged. */
export const storageError = (error: unknown): TobiishiError => {
  if (TobiishiError.is(error)) return error
  const code = codeOf(error)
  if (error instanceof Error && /no such table: (main\.)?tobiishi_/.test(error.message)) {
    return new TobiishiError('schema.not_migrated', 'The database has no Tobiishi tables yet: run storage.migrate().', {
      cause: error,
    })
  }
  if (code === 'SQLITE_CANTOPEN') {
    return new TobiishiError('storage.failed', 'The SQLite file cannot be opened: check that its folder is there and writable.', {
      cause: error,
    })
  }
  if (code === 'SQLITE_FULL') {
    return new TobiishiError(
      'storage.failed',
      'The disk is full: nothing was written. Make room; the same work can then be done again.',
      {
        cause: error,
        isRetryable: true,
        details: { sqliteCode: code },
      },
    )
  }
  // The driver's own complaints (a folder that is not there, a closed connection) have no code and hold no values.
  if (error instanceof TypeError) {
    return new TobiishiError('storage.failed', `SQLite cannot be used: ${error.message}.`, { cause: error })
  }
  return new TobiishiError(
    'storage.failed',
    `SQLite answered with an error (${code === '' ? 'no code' : code}). See its cause.`,
    {
      cause: error,
      details: { sqliteCode: code },
    },
  )
}
