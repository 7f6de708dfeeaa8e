import { TobiishiError } from '@tobiishi/core'

const textOf = (error: unknown, key: 'code' | 'constraint' | 'table' | 'severity'): string => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined
  return typeof value === 'string' ? value : ''
}

/** Two transactions got in each other's way, and the same work may succeed now. An address taken meanwhile is one of these. */
export const isRetryable = (error: unknown): boolean => {
  const state = textOf(error, 'code')
  if (state === '40001' || state === '40P01') return true
  return state === '23505' && textOf(error, 'table') === 'contact' && textOf(error, 'constraint').includes('email_key')
}

/** What the server or the connection said, as an error of ours; ours and those of the work itself pass unchanged. */
export const storageError = (error: unknown): unknown => {
  if (TobiishiError.is(error) || !isFromDriver(error)) return error
  const state = textOf(error, 'code')
  if (state === '42P01' || state === '3F000') {
    const message = 'The database has no Tobiishi tables yet: run storage.migrate().'
    return new TobiishiError('schema.not_migrated', message, { details: { sqlState: state } })
  }
  if (textOf(error, 'severity') === '') {
    const message = `PostgreSQL cannot be reached (${state === '' ? 'connection lost' : state}): check the server and the connection string.`
    return new TobiishiError('storage.failed', message, { isRetryable: true, cause: error })
  }
  return new TobiishiError('storage.failed', `PostgreSQL answered with an error (${state}).`, {
    isRetryable: /^(08|53|57)/.test(state),
    cause: withoutValues(error, state),
    details: { sqlState: state, table: textOf(error, 'table'), constraint: textOf(error, 'constraint') },
  })
}

const isFromDriver = (error: unknown): boolean =>
  textOf(error, 'severity') !== '' ||
  (error instanceof Error &&
    (/^(E[A-Z]+|08\w{3})$/.test(textOf(error, 'code')) || /connection|client|timeout/i.test(error.message)))

/** The server's error repeats values of rows in its detail, and in its message where data is malformed: an address, maybe. */
const withoutValues = (error: unknown, state: string): Error => {
  const message = error instanceof Error && !state.startsWith('22') ? error.message : 'A value was refused.'
  return new Error(message)
}
