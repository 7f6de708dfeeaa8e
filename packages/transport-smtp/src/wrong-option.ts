import { TobiishiError } from '@tobiishi/core'

/** An option that cannot be used, and what to give instead. */
export const wrong = (option: string, advice: string): TobiishiError =>
  new TobiishiError('transport.config', `smtpTransport: the option ${option} cannot be used. ${advice}`, { details: { option } })
