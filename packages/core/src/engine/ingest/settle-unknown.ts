import type { Message, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/**
 * What happened to a message proves that it was accepted: one that was `unknown` becomes `sent`, on its old send date. The
 * text it had is taken to be the template's of now, if nothing better is known.
 */
export function* settleUnknown(runtime: Runtime, tx: StorageTransaction, messages: Iterable<Message>): Step<void> {
  for (const message of messages) {
    if (message.state !== 'unknown' || message.unknownToken === null) continue
    const { id, template, templateHash, unknownToken, providerId, answer, finishedAt } = message
    const hash = templateHash ?? runtime.prepared.get(template)?.hash ?? null
    const done = { kind: 'done', messageId: id, token: unknownToken, state: 'sent', reason: null } as const
    yield* tx.queue.finish([{ ...done, templateHash: hash, providerId, answer }], finishedAt ?? runtime.clock.now())
  }
}
