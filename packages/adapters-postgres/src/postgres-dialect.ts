import { type Dialect, type FieldType, PostgresQueryCompiler, type RawBuilder, sql } from '@tobiishi/adapters-sql'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const fieldTypes: { readonly [type in FieldType]: string } = {
  text: 'text',
  integer: 'integer',
  instant: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
}

/**
 * PostgreSQL as the verbs see it: tables in a schema of their own, text by code point, row locks, batches through arrays and
 * `json_to_recordset`. JSON that is only read whole is `text`, which keeps what `jsonb` refuses (U+0000) or reorders; what
 * segments look into is `jsonb`.
 *
 * `send_queue` leaves room in its pages, so that claims are heap-only updates, and is vacuumed early: its dead rows stand at
 * the front of the claim's index.
 */
export const postgresDialect = (schema: string): Dialect => ({
  compiler: new PostgresQueryCompiler(),
  tableName: (name) => `${quoted(schema)}.${name}`,
  indexName: (name) => name,
  types: {
    text: 'text collate "C"',
    integer: 'integer',
    instant: 'bigint',
    real: 'double precision',
    boolean: 'boolean',
    json: 'text',
    document: 'jsonb',
    serial: 'bigint generated always as identity primary key',
  },
  hotTable: 'with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)',
  keyedTable: '',
  addsMissingColumns: true,
  preamble: [migrationLock(schema), createSchema(schema)],
  rowLocks: true,
  gate: (way) =>
    sql`(select ${sql.raw(way === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')}(
      hashtext('tobiishi.marks'), hashtext(${schema})) is not null)`,
  list: (values) => values,
  // The list stands in a subquery, so that the planner does not see how long it is: without statistics it would take a hundred
  // keys for half of the table, and read all of it.
  isOneOf: (column, parameter, type) =>
    sql`${column} = any(array(select unnest(cast(${parameter} as ${sql.raw(fieldTypes[type])}[]))))`,
  records: (parameter, fields) => {
    const columns = Object.entries(fields).map(([field, type]) => `${field} ${fieldTypes[type]}`)
    return sql`json_to_recordset(cast(${parameter} as json)) as r(${sql.raw(columns.join(', '))})`
  },
  document: (text) => sql`cast(${text} as jsonb)`,
  field: (document, name) => fieldOf(sql`${document} -> cast(${name} as text)`, sql`${document} ->> cast(${name} as text)`),
})

const fieldOf = (value: RawBuilder<unknown>, text: RawBuilder<unknown>): ReturnType<Dialect['field']> => {
  const type = sql`jsonb_typeof(${value})`
  return {
    text: sql`case when ${type} = 'string' then ${text} end collate "C"`,
    number: sql`case when ${type} = 'number' then cast(${value} as double precision) end`,
    boolean: sql`case when ${type} = 'boolean' then cast(${value} as boolean) end`,
    isList: sql`coalesce(${type} = 'array', false)`,
    isFilledList: sql`coalesce(${type} = 'array' and ${value} <> '[]', false)`,
    hasAny: (elements) => sql`(coalesce(${type} = 'array', false) and exists (
      select from jsonb_array_elements(cast(${JSON.stringify(elements)} as jsonb)) as w(one) where ${value} @> w.one))`,
    hasAll: (elements) => sql`coalesce(${type} = 'array' and ${value} @> cast(${JSON.stringify(elements)} as jsonb), false)`,
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Held to the end of the migration's transaction: of many callers at once one migrates, the others then find it done. */
export const migrationLock = (schema: string): string =>
  `select pg_advisory_xact_lock(hashtext('tobiishi.migrate'), hashtext(${literal(schema)}))`

/** Asks first, because `create schema if not exists` needs the right to create even where the schema is there. */
const createSchema = (schema: string): string => `do $tobiishi$ begin
  if not exists (select from pg_namespace where nspname = ${literal(schema)}) then create schema ${quoted(schema)}; end if;
end $tobiishi$`
