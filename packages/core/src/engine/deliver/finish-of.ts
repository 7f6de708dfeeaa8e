import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ClaimedMail, FinishRequest } from '../../ports/storage/index.ts'

type Done = Extract<FinishRequest, { kind: 'done' }>
type Retry = Extract<FinishRequest, { kind: 'retry' }>

/** The request that ends a claimed mail. */
export const finishOf = (
  mail: ClaimedMail,
  state: Done['state'],
  ending: Partial<Pick<Done, 'reason' | 'templateHash' | 'providerId' | 'answer'>>,
): Done => ({
  kind: 'done',
  messageId: mail.message.id,
  token: mail.token,
  state,
  reason: ending.reason ?? null,
  templateHash: ending.templateHash ?? null,
  providerId: ending.providerId ?? null,
  answer: ending.answer ?? null,
})

/** The request that puts a claimed or marked mail back to be tried at `runAt`. */
export const retryOf = (mail: ClaimedMail, runAt: Instant, answer: JsonObject | null): Retry => ({
  kind: 'retry',
  messageId: mail.message.id,
  token: mail.token,
  runAt,
  answer,
})
