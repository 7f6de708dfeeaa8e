export { type DkimOptions, signedHeaders } from './dkim-signer.ts'
export type { SmtpAuth, SmtpTransportOptions } from './smtp-options.ts'
export { smtpTransport } from './smtp-transport.ts'
