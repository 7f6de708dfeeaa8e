import * as z from 'zod'
import { normaliseAddress } from '../../domain/contact/normalise-address.ts'
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
    .object({
      attempts: positive.int({ error: 'must be a whole number' }).default(Number.POSITIVE_INFINITY),
      firstDelay: positive.default(60_000),
      maxDelay: positive.default(4 * 3_600_000),
    })
    .prefault({}),
  unknownPolicy: z.object({ marketing: outcome.default('drop'), transactional: outcome.default('resend') }).prefault({}),
  attribution: z
    .object({
      events: z.array(z.string()),
      by: z.enum(['click', 'open'], { error: 'must be click or open' }).default('click'),
      within: positive.default(5 * 86_400_000),
      value: line('the path of the value').default('total'),
    })
    .prefault({ events: [] }),
})

/** That secrets are there at all: an environment variable that is not set is the usual mistake. */
export const secretsSchema = z.object({
  secrets: z.array(z.object({ id: line('the id'), value: line('the value') }), {
    error: 'are missing: give at least one { id, value }',
  }),
  addressKey: line('the address key'),
})
