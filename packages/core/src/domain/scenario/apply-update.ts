import type { Json, JsonObject } from '../json.ts'
import type { Effect } from './enrolment.ts'

export type Update = Extract<Effect, { kind: 'update' }>

/** Attributes as an `update` step leaves them: `null` clears, a list gains what it lacks and loses what is removed; one that was not there begins empty. */
export const applyUpdate = (before: JsonObject, { set, add, remove }: Omit<Update, 'kind'>): JsonObject => {
  const after: { [attribute: string]: Json } = { ...before }
  for (const [name, value] of Object.entries(set)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  for (const [name, values] of Object.entries(add)) {
    const list = listOf(after[name])
    const seen = new Set(list.map((one) => JSON.stringify(one)))
    after[name] = [...list, ...values.filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)))]
  }
  for (const [name, values] of Object.entries(remove)) {
    const gone = new Set(values.map((one) => JSON.stringify(one)))
    const list = after[name]
    if (Array.isArray(list)) after[name] = list.filter((one: Json) => !gone.has(JSON.stringify(one)))
  }
  return after
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
