import { createHash } from 'node:crypto'
import type { Query, Request } from '@tobiishi/adapters-sql'
import type { Step } from '@tobiishi/core/ports'
import pg from 'pg'
import type { PgQuery, Queryable } from './pg-pool.ts'

const { builtins } = pg.types

/** bigint and numeric as numbers, which hold every instant and count; JSON as text, for the verbs to parse once. */
const types: PgQuery['types'] & object = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === builtins.INT8 || oid === builtins.NUMERIC) return Number
    if (oid === builtins.JSON || oid === builtins.JSONB) return String
    return pg.types.getTypeParser(oid, format)
  },
}

const names = new Map<string, string>()

/** A prepared statement's name is made from its text: two storages on one pool never use one name for two texts. */
const nameOf = (text: string): string => {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `tobiishi_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
  names.set(text, name)
  return name
}

/** Runs a query; fixed texts as prepared statements, unless the connection is somebody else's. */
export const runQuery = (
  on: Queryable,
  { sql, parameters, isFixed }: Query,
  options: { readonly prepare: boolean } = { prepare: true },
): ReturnType<Queryable['query']> =>
  on.query({ text: sql, values: [...parameters], types, ...(isFixed && options.prepare ? { name: nameOf(sql) } : {}) })

/** Runs a step to its end on one connection, a query after the other. */
export const drive = async <T>(on: Queryable, step: Step<T>): Promise<T> => {
  let next = step.next()
  while (!next.done) {
    const { query, wants } = next.value as Request
    let answer: unknown
    try {
      const result = await runQuery(on, query)
      answer = wants === 'rows' ? result.rows : (result.rowCount ?? 0)
    } catch (error) {
      step.return(undefined as T)
      throw error
    }
    next = step.next(answer)
  }
  return next.value
}
