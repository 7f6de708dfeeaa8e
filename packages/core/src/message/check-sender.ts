import { TobiishiError } from '../errors/index.ts'
import { hasControl } from './encode-header.ts'
import type { Sender } from './sender.ts'
import { isWireAddress } from './wire-address.ts'

const required = ['legalName', 'displayName', 'email', 'postalAddress', 'contact'] as const

/**
 * Throws `config.invalid`, naming the field as `senders.<name>.<field>`, where a sender lacks what the law asks to be shown
 * (特定電子メール法 art. 4) or has an address or name that cannot stand in a header.
 */
export const checkSender = (sender: Sender, name: string): void => {
  for (const field of required) {
    if (typeof sender[field] !== 'string' || sender[field].trim() === '')
      throw invalid(name, field, 'is missing: it must be shown in each mail')
  }
  for (const field of ['email', 'replyTo'] as const) {
    const address = sender[field]
    if (address !== undefined && !isWireAddress(address)) throw invalid(name, field, 'is not an address that mail can carry')
  }
  const disclosure = sender.commercialDisclosureUrl
  if (disclosure !== undefined && !/^https?:\/\/[!-~]+$/i.test(disclosure)) {
    throw invalid(name, 'commercialDisclosureUrl', 'must be an http or https address')
  }
  for (const field of [...required, 'registeredAt'] as const) {
    const value = sender[field]
    if (value !== undefined && hasControl(value)) throw invalid(name, field, 'has a line break or another control character')
  }
}

const invalid = (name: string, field: string, why: string): TobiishiError =>
  new TobiishiError('config.invalid', `senders.${name}.${field} ${why}.`, { details: { path: `senders.${name}.${field}` } })
