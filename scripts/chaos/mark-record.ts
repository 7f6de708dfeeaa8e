import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Storage } from '@tobiishi/core/ports'

/** A mark that a worker was given: the transaction that gave it began at `at`, real time. */
export interface RecordedMark {
  readonly at: number
  readonly messageId: string
  readonly contactId: string
}

/**
 * The storage, and a line in `file` for every mark that it gives, written before the commit, so that a kill loses none. A
 * withdrawal that was committed before such a transaction began must be seen by it.
 */
export const recordMarks = (storage: Storage, file: string): Storage => ({
  ...storage,
  transaction: (work) =>
    storage.transaction(function* (tx) {
      const at = Date.now()
      const queue: typeof tx.queue = {
        ...tx.queue,
        mark: function* (requests, options) {
          const answers = yield* tx.queue.mark(requests, options)
          const marked = requests.filter((_request, index) => answers[index] === 'marked')
          const lines = marked.map(({ messageId, contactId }) => `${at} ${messageId} ${contactId}\n`)
          if (lines.length > 0) appendFileSync(file, lines.join(''))
          return answers
        },
      }
      return yield* work({ ...tx, queue })
    }),
})

export const readMarks = async (file: string): Promise<RecordedMark[]> => {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [at, messageId = '', contactId = ''] = line.split(' ')
    return { at: Number(at), messageId, contactId }
  })
}
