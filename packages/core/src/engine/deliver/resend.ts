import type { Message } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { newMessageId } from './message-id.ts'

const suffix = ':r1'

/** Whether this mail was queued because the fate of another is unknown. */
export const isCopy = ({ idemKey }: Message): boolean => idemKey.endsWith(suffix)

/** Whether the policy sends this mail again after an unknown outcome. Once: the copy of a copy is never made. */
export const isSentAgain = (runtime: Runtime, message: Message): boolean =>
  runtime.settings.unknownPolicy[message.purpose] === 'resend' && !isCopy(message)

/** The copy to queue for mail whose fate is unknown: another message under the key with `:r1`, so that both are counted. */
export const copyToResend = (runtime: Runtime, message: Message): Message => ({
  ...message,
  id: newMessageId(runtime, message.bucket),
  idemKey: `${message.idemKey}${suffix}`,
  state: 'queued',
  reason: null,
  createdAt: runtime.clock.now(),
  finishedAt: null,
  templateHash: null,
  providerId: null,
  answer: null,
  unknownToken: null,
})
