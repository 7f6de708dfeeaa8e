import * as z from 'zod'
import { parseSegmentNode } from '../../segment/parse-segment-node.ts'
import type { SegmentNode } from '../../segment/segment-node.ts'
import type { EventMatch, MailMatch, SegmentMatch } from '../scenario-definition.ts'
import { name } from './value-schema.ts'

/** `of[0].value` of a segment's problem as keys. */
const keysOf = (path: string): readonly PropertyKey[] =>
  path
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key))

/** A condition over contacts. Whether the model has its fields is not looked at. */
export const segmentTree: z.ZodType<SegmentNode> = z.custom<SegmentNode>().superRefine((json, context) => {
  const read = parseSegmentNode(json)
  if (read.ok) return
  for (const { path, problem } of read.problems) context.addIssue({ code: 'custom', path: [...keysOf(path)], message: problem })
})

/** A condition over the payload of an event: its fields, `all`, `any` and `not`. */
export const payloadTree: z.ZodType<SegmentNode> = z.custom<SegmentNode>().superRefine((json, context) => {
  const read = parseSegmentNode({ kind: 'event', event: 'any', count: { operator: '>=', value: 1 }, where: json })
  if (read.ok) return
  for (const { path, problem } of read.problems)
    context.addIssue({ code: 'custom', path: keysOf(path).slice(1), message: problem })
})

const eventMatch = z.strictObject({ kind: z.literal('event'), event: name, where: payloadTree.nullable() })
const segmentMatch = z.strictObject({ kind: z.literal('segment'), segment: name })
const mailMatch = z
  .strictObject({
    kind: z.literal('mail'),
    step: name,
    fate: z.enum(['sent', 'delivered', 'opened', 'clicked', 'bounced']),
    link: z.union([z.string().min(1).max(2_000), z.int().min(0)]).nullable(),
  })
  .refine(({ fate, link }) => link === null || fate === 'clicked', {
    path: ['link'],
    error: 'a link is asked about with clicked only; otherwise it is null.',
  })

export const goal: z.ZodType<EventMatch | SegmentMatch> = z.discriminatedUnion('kind', [eventMatch, segmentMatch])
export const choice: z.ZodType<SegmentMatch | MailMatch> = z.discriminatedUnion('kind', [segmentMatch, mailMatch])
export const awaited: z.ZodType<EventMatch | SegmentMatch | MailMatch> = z.discriminatedUnion('kind', [
  eventMatch,
  segmentMatch,
  mailMatch,
])
export { eventMatch }
