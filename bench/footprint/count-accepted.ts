import type { Transport } from '@tobiishi/core/ports'

/** The same transport, and a promise of when so many mails were taken by the other end. */
export const countAccepted = (transport: Transport) => {
  let count = 0
  let wanted = Number.POSITIVE_INFINITY
  const reached = Promise.withResolvers<void>()
  const look = (): void => {
    if (count >= wanted) reached.resolve()
  }
  const counting: Transport = {
    ...transport,
    send: async (mail, options) => {
      const result = await transport.send(mail, options)
      if (result.kind === 'accepted') count += 1
      look()
      return result
    },
  }
  const accepted = (mails: number): Promise<void> => {
    wanted = mails
    look()
    return reached.promise
  }
  return { transport: counting, accepted }
}
