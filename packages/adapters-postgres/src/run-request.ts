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

/** Queries of one transaction that were sent and whose answers nobody waits for yet. */
export class Sent {
  readonly #answers: Promise<unknown>[] = []

  add(answer: Promise<unknown>): void {
    answer.catch(() => {})
    this.#answers.push(answer)
  }

  /** Waits for all; rejects with the first failure in the order of sending, which is the cause of those behind it. */
  async settle(): Promise<void> {
    for (const answer of this.#answers.splice(0)) await answer
  }
}

/**
 * Runs a step to its end on one connection. With `sent` (a connection that pipelines) a query whose answer is not wanted is
 * sent and not waited for: the caller settles `sent` before it believes in a commit.
 */
export const drive = async <T>(on: Queryable, step: Step<T>, sent?: Sent): Promise<T> => {
  let next = step.next()
  while (!next.done) {
    const { query, wants } = next.value as Request
    let answer: unknown
    try {
      const running = runQuery(on, query)
      if (wants === 'nothing' && sent !== undefined) sent.add(running)
      else {
        const result = await running
        answer = wants === 'rows' ? result.rows : (result.rowCount ?? 0)
      }
    } catch (error) {
      step.return(undefined as T)
      await sent?.settle()
      throw error
    }
    next = step.next(answer)
  }
  return next.value
}
