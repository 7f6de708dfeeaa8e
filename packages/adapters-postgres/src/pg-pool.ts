/** A query as pg takes it. */
export interface PgQuery {
  readonly text: string
  readonly values?: unknown[]
  /** Makes it a prepared statement of this name. */
  readonly name?: string
  readonly types?: { getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown }
}

/** What can run a query: a client or a pool of pg. */
export interface Queryable {
  query(query: PgQuery): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>
}

export interface PgPoolClient extends Queryable {
  /** True where queries may be sent before earlier ones are answered (pg 8.22 and later, `pipeline: true`). */
  readonly pipeline?: boolean
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
  /** With an error the connection is thrown away. */
  release(error?: Error): void
}

/** A pool of pg, as far as it is used, so that our types do not need pg's. A `Pool` of pg fits. */
export interface PgPool extends Queryable {
  connect(): Promise<PgPoolClient>
}
