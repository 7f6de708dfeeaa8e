import type { DeclaredTemplate } from '../define/declared.ts'
import { addressProblems, normaliseAddress } from '../domain/contact/normalise-address.ts'
import type { JsonObject } from '../domain/json.ts'
import { TobiishiError } from '../errors/index.ts'
import { checkProps } from './broadcasts/check-props.ts'
import { CallSlots } from './deliver/call-slots.ts'
import type { Runtime } from './runtime.ts'

/**
 * Renders a template with a contact's values and sends it to `to`: the mail as its recipient would see it, but without
 * tracking, with unsubscribe links that say that it is a test, and without any row: it is never counted. Rejects with
 * `contact.unknown`, `contact.invalid_address`, `template.unknown`, `render.failed`, or `transport.failed` where the other
 * side did not take it.
 */
export const sendTest = async (
  runtime: Runtime,
  template: DeclaredTemplate,
  contactId: string,
  to: string,
  options: { readonly props?: JsonObject } = {},
): Promise<void> => {
  const { settings, storage, clock, transport } = runtime
  const props = checkProps(template, options.props ?? {})
  const prepared = runtime.prepared.get(template.name)
  if (prepared === undefined)
    throw new TobiishiError('template.unknown', `Template '${template.name}' was not given to createTobiishi: add it there.`)
  const address = normaliseAddress(to)
  if (address.kind === 'refused') throw new TobiishiError('contact.invalid_address', addressProblems[address.problem])
  const [contact] = await storage.read((reader) => reader.contacts.get([contactId]))
  if (contact === undefined)
    throw new TobiishiError('contact.unknown', 'There is no contact with this id to render the test for.')
  const messageId = `test${runtime.randomId()}`
  const composed = prepared.compose({
    messageId,
    contactId,
    recipient: {
      email: address.email,
      name: contact.name,
      locale: contact.locale ?? settings.defaultLocale,
      timeZone: contact.timeZone ?? settings.timeZone,
    },
    contact: contact.attributes,
    props,
    now: clock.now(),
    isTest: true,
  })
  const slots = CallSlots.of(transport)
  await slots.takeOne()
  const result = await transport.send({ messageId, envelope: composed.envelope, raw: composed.raw }).finally(() => slots.give(1))
  if (result.kind === 'accepted') return
  throw new TobiishiError('transport.failed', `The test mail was not accepted (${result.kind}${codeOf(result.answer)}).`, {
    isRetryable: result.kind === 'transient',
  })
}

const codeOf = ({ code, enhancedCode }: { readonly code?: string; readonly enhancedCode?: string }): string =>
  [code, enhancedCode]
    .filter((part) => part !== undefined)
    .map((part) => ` ${part}`)
    .join('')
