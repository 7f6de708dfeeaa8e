import { type SESv2Client, SendEmailCommand, type SendEmailCommandOutput } from '@aws-sdk/client-sesv2'
import type { OutgoingMail, TransportResult } from '@tobiishi/core/ports'
import { failureResult, interruptedResult } from './to-result.ts'

/** Tag of each mail that holds its message id; events carry it back. */
export const messageTag = 'tobiishi-message-id'

export interface SendContext {
  readonly client: SESv2Client
  readonly configurationSet: string | null
}

/** One request, whatever retries the client is set to: the first outcome of the first request is the outcome of the call. */
export async function sendOnce(mail: OutgoingMail, context: SendContext, signal: AbortSignal): Promise<TransportResult> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!/^[^\x00-\x1f\x7f<>]+@[^\x00-\x1f\x7f<>@]+$/.test(mail.envelope.to)) {
    return { kind: 'rejected', bounceClass: 'message', answer: { text: 'Recipient: it is not of the form local-part@domain.' } }
  }
  let isStarted = false
  const first = Promise.withResolvers<SendEmailCommandOutput>()
  const command = toCommand(mail, context.configurationSet)
  command.middlewareStack.add(
    (next) => async (request) => {
      if (isStarted) throw new Error('One call is one request.')
      isStarted = true
      const answer = next(request)
      answer.then(({ output }) => output && first.resolve(output), first.reject)
      return answer
    },
    { step: 'deserialize', priority: 'high', name: 'tobiishiOneRequest' },
  )
  const abort = (): void => first.reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  const retries = new AbortController()
  try {
    if (!signal.aborted) {
      context.client.send(command, { abortSignal: AbortSignal.any([signal, retries.signal]) }).then(first.resolve, first.reject)
    }
    const { MessageId, $metadata } = await first.promise
    const data = { requestId: $metadata.requestId ?? null }
    return { kind: 'accepted', providerId: MessageId ?? null, answer: { code: String($metadata.httpStatusCode ?? 200), data } }
  } catch (error) {
    return signal.aborted ? interruptedResult(error, isStarted) : failureResult(error, isStarted, mail.envelope)
  } finally {
    retries.abort()
    signal.removeEventListener('abort', abort)
  }
}

const toCommand = ({ raw, envelope, messageId }: OutgoingMail, configurationSet: string | null): SendEmailCommand =>
  new SendEmailCommand({
    Content: { Raw: { Data: raw } },
    Destination: { ToAddresses: [envelope.to] },
    EmailTags: [{ Name: messageTag, Value: messageId }],
    ...(configurationSet === null ? {} : { ConfigurationSetName: configurationSet }),
  })
