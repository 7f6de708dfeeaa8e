import type { ComposedMail } from '../../message/prepared-template.ts'
import type { Runtime } from '../runtime.ts'
import type { AllowedMail } from './allowed-mail.ts'

/** A mail that only waits for a connection. */
export interface ReadyMail {
  readonly mail: AllowedMail
  readonly composed: ComposedMail
  readonly templateHash: string
}

/** Composes a mail with its contact's values of now. Null where that fails: logged by path, without values. */
export const renderMail = (runtime: Runtime, mail: AllowedMail): ReadyMail | null => {
  const { contact, message } = mail
  const { settings, logger } = runtime
  const prepared = runtime.prepared.get(message.template)
  if (prepared === undefined || contact.email === null) return null
  try {
    const composed = prepared.compose({
      messageId: message.id,
      contactId: contact.id,
      recipient: {
        email: contact.email,
        name: contact.name,
        locale: contact.locale ?? settings.defaultLocale,
        timeZone: contact.timeZone ?? settings.timeZone,
      },
      contact: contact.attributes,
      props: message.props,
      now: runtime.clock.now(),
    })
    return { mail, composed, templateHash: prepared.hash }
  } catch (error) {
    logger.error('template.renderFailed', { template: message.template, messageId: message.id, error })
    return null
  }
}
