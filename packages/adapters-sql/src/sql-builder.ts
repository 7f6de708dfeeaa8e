import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, type RawBuilder, sql } from 'kysely'
import type { Dialect, FieldType } from './dialect.ts'
import type { Query } from './query.ts'

/** The place of a named parameter in a statement that is compiled once. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

type Placeholders<P> = { readonly [K in keyof P]: Placeholder }

/** A statement compiled at its first use; called with its parameters it gives the query. */
export type Statement<P> = (parameters: P) => Query

/** What verbs build their SQL with: fragments of the dialect, and statements whose text never changes. */
export interface SqlBuilder {
  readonly dialect: Dialect
  table(name: string): RawBuilder<unknown>
  list(values: readonly (string | number)[]): unknown
  isOneOf(column: string, parameter: unknown, type?: 'text' | 'instant'): RawBuilder<unknown>
  records(parameter: unknown, fields: { readonly [field: string]: FieldType }): RawBuilder<unknown>
  /** A locking clause; nothing where the dialect has no row locks. */
  lock(clause: 'for update' | 'for share', options?: { readonly of?: string; readonly skipLocked?: boolean }): RawBuilder<unknown>
  /** Passes the dialect's gate, as a condition of a statement; always true where there is none. */
  gate(way: 'shared' | 'alone'): RawBuilder<unknown>
  statement<P extends object = Record<never, never>>(build: (parameters: Placeholders<P>) => RawBuilder<unknown>): Statement<P>
  /** A query whose text depends on its arguments. */
  query(builder: RawBuilder<unknown>): Query
}

/** Builds SQL for a dialect. Nothing is executed here: the driver inside is a dummy. */
export const createSqlBuilder = (dialect: Dialect): SqlBuilder => {
  const kysely = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => dialect.compiler,
    },
  })
  const compile = (builder: RawBuilder<unknown>) => builder.compile(kysely)
  return {
    dialect,
    table: (name) => sql.raw(dialect.tableName(name)),
    list: (values) => dialect.list(values),
    isOneOf: (column, parameter, type = 'text') => dialect.isOneOf(sql.raw(column), parameter, type),
    records: (parameter, fields) => dialect.records(parameter, fields),
    lock: (clause, { of, skipLocked = false } = {}) =>
      sql.raw(dialect.rowLocks ? `${clause}${of ? ` of ${of}` : ''}${skipLocked ? ' skip locked' : ''}` : ''),
    gate: (way) => dialect.gate?.(way) ?? sql`true`,
    statement: (build) => compiledOnce(() => compile(build(placeholders()))),
    query: (builder) => ({ ...compile(builder), isFixed: false }),
  }
}

const placeholders = <P>(): Placeholders<P> =>
  new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as Placeholders<P>

const compiledOnce = <P extends object>(
  compile: () => { readonly sql: string; readonly parameters: readonly unknown[] },
): Statement<P> => {
  let compiled: ReturnType<typeof compile> | undefined
  return (values) => {
    compiled ??= compile()
    const parameters = compiled.parameters.map((one) => (one instanceof Placeholder ? values[one.name as keyof P] : one))
    return { sql: compiled.sql, parameters, isFixed: true }
  }
}
