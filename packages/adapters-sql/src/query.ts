import type { Step } from '@tobiishi/core/ports'

/** SQL with its parameters, as a driver runs it. */
export interface Query {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** The text is one of a fixed number: worth a prepared statement of its own. */
  readonly isFixed: boolean
}

/**
 * What a verb yields to the driver: rows are answered as an array of objects, a count as the number of rows touched. Where
 * nothing is wanted a driver may go on before the database has answered; the transaction still fails if the query does.
 */
export interface Request {
  readonly query: Query
  readonly wants: 'rows' | 'count' | 'nothing'
}

/** Runs a query and answers its rows. Instants and counts come as numbers, JSON as text, booleans as such or as 0 and 1. */
export function* rows<Row>(query: Query): Step<Row[]> {
  const request: Request = { query, wants: 'rows' }
  return yield request
}

/** The first row, if any. */
export function* firstRow<Row>(query: Query): Step<Row | undefined> {
  return (yield* rows<Row>(query))[0]
}

/** Runs a query and answers how many rows it touched. */
export function* run(query: Query): Step<number> {
  const request: Request = { query, wants: 'count' }
  return yield request
}

/** Runs a query whose answer nobody needs. */
export function* perform(query: Query): Step<void> {
  const request: Request = { query, wants: 'nothing' }
  yield request
}
