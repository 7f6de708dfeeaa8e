import * as z from 'zod'
import { sentenceOf } from '../../issue-sentence.ts'
import type { Expression } from '../../reference/expression.ts'
import { tellValue } from '../../tell-value.ts'
import { fieldName } from './value-schema.ts'

/** Whoever writes a bare constant is told how it is written. */
const writtenAsConstant = (issue: z.core.$ZodRawIssue): string | undefined => {
  const { code, input } = issue
  if (code !== 'invalid_type' && code !== 'invalid_union') return undefined
  if (typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean')
    return `must be an expression, got ${tellValue(input)}: write a constant as { "kind": "literal", "value": ${shortJson(input)} }.`
  return `${sentenceOf(issue)} Write a constant as { "kind": "literal", "value": … } and what the event brought as { "kind": "reference", "scope": "event", "path": ["…"] }.`
}

const shortJson = (value: unknown): string => (tellValue(value) === 'a text' ? '"…"' : JSON.stringify(value))

/**
 * What a scenario may know: constants, and what the event brought that started the enrolment. Texts are formatted in the
 * template, where the reader's language is known.
 */
export const expression: z.ZodType<Expression> = z.lazy(() =>
  z.discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('literal'), value: z.json() }),
      z.strictObject({ kind: z.literal('reference'), scope: z.literal('event'), path: z.array(fieldName).min(1) }),
      z.strictObject({ kind: z.literal('or'), value: expression, fallback: expression }),
      z.strictObject({ kind: z.literal('eq'), left: expression, right: expression }),
      z.strictObject({ kind: z.literal('isSet'), value: expression }),
      z.strictObject({ kind: z.literal('not'), value: expression }),
    ],
    { error: writtenAsConstant },
  ),
)

/** Values by name, as props and payloads have them. */
export const expressions = z.record(fieldName, expression)
