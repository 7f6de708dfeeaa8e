import * as z from 'zod'
import { normaliseAddress } from '../../domain/contact/normalise-address.ts'
import { parseTimeOfDay } from '../../domain/time/time-of-day.ts'
import { isTimeZone } from '../../domain/time/time-zone.ts'
import type { Sender } from '../../message/sender.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f]/

const line = (what: string) =>
  z
    .string({ error: `${what} is missing` })
    .refine((text) => text.trim() !== '', { error: `${what} is empty` })
    .refine((text) => !control.test(text), { error: `${what} holds control characters` })

const email = (what: string) =>
  line(what).refine((text) => normaliseAddress(text).kind === 'address', { error: `${what} is not an e-mail address` })

const isHttp = (text: string) => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
}

const webAddress = (what: string) =>
  line(what).refine(isHttp, { error: `${what} must be an http or https address without query` })

const positive = z.number({ error: 'must be a number above 0' }).positive({ error: 'must be a number above 0' })
const outcome = z.enum(['drop', 'resend'], { error: 'must be drop or resend' })

const isTimeOfDay = (text: string) => {
  try {
    parseTimeOfDay(text)
    return true
  } catch {
    return false
  }
}

const timeOfDay = z
  .string({ error: 'must be a time of day such as 21:00' })
  .refine(isTimeOfDay, { error: 'must be a time of day from 00:00 to 24:00, such as 21:00' })

const quietHours = z
  .strictObject({ from: timeOfDay, to: timeOfDay }, { error: "must be { from: '21:00', to: '08:00' }" })
  .refine(({ from, to }) => from !== to, { error: 'from and to are the same, so mail could never go out' })
  .refine(({ from, to }) => !(from === '00:00' && to === '24:00'), { error: 'is the whole day, so mail could never go out' })

const cap = z
  .object({
    name: line('the name of the cap'),
    per: z.enum(['day', 'week', 'month'], { error: 'must be day, week or month' }),
    limit: positive.int({ error: 'must be a whole number' }),
    topic: z.string({ error: 'must be the name of a topic' }).nullable().default(null),
    policy: z.enum(['skip', 'defer', 'advance'], { error: 'must be skip, defer or advance' }).default('defer'),
  })
  .strict()

/** The plain options of `createTobiishi` with their defaults; every complaint is a clause that follows its path. */
export const optionsSchema = z.object({
  senders: z
    .record(
      z.string(),
      z.custom<Sender>((value) => typeof value === 'object' && value !== null, { error: 'the sender is missing' }),
      {
        error: 'senders are missing',
      },
    )
    .refine((senders) => 'default' in senders, { error: 'needs a sender of the name default' }),
  baseUrl: webAddress('the address under which the handler is mounted').transform((text) => text.replace(/\/+$/, '')),
  timeZone: z.string().refine(isTimeZone, { error: 'is not an IANA time zone such as Asia/Tokyo' }).default('Asia/Tokyo'),
  defaultLocale: z.enum(['ja', 'en'], { error: 'must be ja or en' }).default('ja'),
  jurisdiction: z.enum(['JP', 'US', 'EU', 'CA', 'unknown'], { error: 'must be JP, US, EU, CA or unknown' }).default('JP'),
  audience: z.enum(['consumer', 'business'], { error: 'must be consumer or business' }).default('consumer'),
  environment: line('the name of the environment').default('production'),
  bounceAddress: email('the bounce address').optional(),
  retry: z
    .strictObject({
      attempts: positive.int({ error: 'must be a whole number' }).default(Number.POSITIVE_INFINITY),
      firstDelay: positive.default(60_000),
      maxDelay: positive.default(4 * 3_600_000),
    })
    .prefault({}),
  callConcurrency: positive.int({ error: 'must be a whole number' }).default(5),
  unknownPolicy: z.strictObject({ marketing: outcome.default('drop'), transactional: outcome.default('resend') }).prefault({}),
  quietHours: quietHours.nullable().default(null),
  caps: z
    .array(cap, { error: 'must be a list of caps' })
    .refine((caps) => new Set(caps.map(({ name }) => name)).size === caps.length, { error: 'two caps have the same name' })
    .default([]),
  attribution: z
    .strictObject({
      events: z.array(z.string()),
      by: z.enum(['click', 'open'], { error: 'must be click or open' }).default('click'),
      within: positive.default(5 * 86_400_000),
      value: line('the path of the value').default('total'),
    })
    .prefault({ events: [] }),
})

const has = (value: unknown, ...methods: readonly string[]) =>
  typeof value === 'object' && value !== null && methods.every((name) => typeof Reflect.get(value, name) === 'function')

const part = (methods: readonly string[], error: string) => z.custom<object>((value) => has(value, ...methods), { error })

const declared = (kind: string, error: string) =>
  z.array(
    z.custom<object>((value) => has(value) && Reflect.get(value as object, 'kind') === kind, { error }),
    { error: `must be a list of ${kind}s` },
  )

/** The parts that an app written in JavaScript may forget, or pass before they are made, and that secrets are there at all. */
export const partsSchema = z.object({
  model: z.custom<object>((value) => has(value) && 'attributeTypes' in (value as object), {
    error: 'is missing: give what defineModel() answers',
  }),
  storage: part(['read', 'transaction'], 'is missing or no storage: give one such as sqliteStorage() or memoryStorage()'),
  transport: part(['send', 'close'], 'is missing or no transport: give one such as smtpTransport()'),
  markup: part(['toHtml'], 'is no markup: give one such as mjml() of @tobiishi/render-mjml').optional(),
  scenarios: declared('scenario', 'is no scenario: give what model.scenario() answers').optional(),
  templates: declared('template', 'is no template: give what model.template() answers').optional(),
  handlers: z
    .record(
      z.string(),
      z.custom((value) => typeof value === 'function', { error: 'must be a function of a call' }),
      { error: 'must be an object of functions' },
    )
    .optional(),
  isHoliday: z.custom((value) => typeof value === 'function', { error: 'must be a function of a date' }).optional(),
  secrets: z.array(z.object({ id: line('the id'), value: line('the value') }), {
    error: 'are missing: give at least one { id, value }',
  }),
  addressKey: line('the address key'),
})
