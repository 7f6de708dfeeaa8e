import * as z from 'zod'
import type { DeclaredTemplate } from '../../define/declared.ts'
import type { JsonObject } from '../../domain/json.ts'
import { TobiishiError } from '../../errors/index.ts'
import { plainObject } from '../inbox/plain-json.ts'

/** Props as the template's schema has them, in JSON form. Throws `definition.invalid` with the path, never the value. */
export const checkProps = (template: DeclaredTemplate, props: JsonObject): JsonObject => {
  const schema = template.props ?? z.object({})
  const parsed = schema.strict().safeParse(props)
  if (parsed.success) return plainObject(parsed.data, 'props', 'definition.invalid')
  const problems = parsed.error.issues.map(({ path, message }) => `${['props', ...path].map(String).join('.')}: ${message}`)
  throw new TobiishiError('definition.invalid', `The props do not fit template '${template.name}'. ${problems.join('; ')}.`)
}
