import * as z from 'zod'
import type { Expression } from '../../reference/expression.ts'
import { fieldName } from './value-schema.ts'

/**
 * What a scenario may know: constants, and what the event brought that started the enrolment. Texts are formatted in the
 * template, where the reader's language is known.
 */
export const expression: z.ZodType<Expression> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('literal'), value: z.json() }),
    z.strictObject({ kind: z.literal('reference'), scope: z.literal('event'), path: z.array(fieldName).min(1) }),
    z.strictObject({ kind: z.literal('or'), value: expression, fallback: expression }),
    z.strictObject({ kind: z.literal('eq'), left: expression, right: expression }),
    z.strictObject({ kind: z.literal('isSet'), value: expression }),
    z.strictObject({ kind: z.literal('not'), value: expression }),
  ]),
)

/** Values by name, as props and payloads have them. */
export const expressions = z.record(fieldName, expression)
