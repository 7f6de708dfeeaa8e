import type { Storage } from '@tobiishi/core/ports'

/** The storage of a worker in whose way something comes: `hook` runs once, between its first claim of mail and the mark. */
export const afterClaim = (storage: Storage<unknown>, hook: () => Promise<void>): Storage<unknown> => {
  let isDone = false
  return {
    ...storage,
    transaction: async (work) => {
      let claimed = 0
      const result = await storage.transaction((tx) => {
        claimed = 0
        const queue: typeof tx.queue = {
          ...tx.queue,
          claim: function* (options) {
            const mails = yield* tx.queue.claim(options)
            claimed += mails.length
            return mails
          },
        }
        return work({ ...tx, queue })
      })
      if (claimed > 0 && !isDone) {
        isDone = true
        await hook()
      }
      return result
    },
  }
}
