import type { ContactName } from '../domain/contact/contact.ts'
import type { ObjectType, ScalarType } from './value-type.ts'

/** The built-in side of a contact, apart from the model's attributes so that the names never collide. */
export interface Recipient {
  readonly email: string
  readonly name: ContactName
  readonly locale: string
  /** The language of the legal block: Japanese, or English for readers of anything else. A mail in two languages follows it. */
  readonly language: 'ja' | 'en'
  readonly timeZone: string
}

const text: ScalarType = { kind: 'string', isOptional: false, values: null }
const optionalText: ScalarType = { ...text, isOptional: true }

/** `Recipient` for references. */
export const recipientType: ObjectType = {
  kind: 'object',
  isOptional: false,
  fields: {
    email: text,
    name: {
      kind: 'object',
      isOptional: false,
      fields: {
        family: optionalText,
        given: optionalText,
        organisation: optionalText,
        department: optionalText,
        title: optionalText,
      },
    },
    locale: text,
    language: { ...text, values: ['ja', 'en'] },
    timeZone: text,
  },
}
