import { type Dialect, type RawBuilder, SqliteQueryCompiler, sql } from '@tobiishi/adapters-sql'

/**
 * SQLite as the verbs see it: tables under a prefix, JSON as text, batches through `json_each`, no row locks, because a
 * writing transaction has the database to itself. `jsonb_each` (SQLite 3.51) hands out parsed records: without it each field
 * of a record parses the record anew, which triples the time of a batch of wide rows.
 */
export const sqliteDialect = (each: 'jsonb_each' | 'json_each'): Dialect => ({
  compiler: new SqliteQueryCompiler(),
  tableName: (name) => `tobiishi_${name}`,
  indexName: (name) => `tobiishi_${name}`,
  types: {
    text: 'text',
    integer: 'integer',
    instant: 'integer',
    real: 'real',
    boolean: 'integer',
    json: 'text',
    document: 'text',
    serial: 'integer primary key autoincrement',
  },
  hotTable: 'without rowid',
  keyedTable: 'without rowid',
  addsMissingColumns: false,
  preamble: [],
  rowLocks: false,
  gate: null,
  list: (values) => JSON.stringify(values),
  isOneOf: (column, parameter) => sql`${column} in (select value from json_each(${parameter}))`,
  records: (parameter, fields) => {
    const columns = Object.keys(fields).map((field) => `value ->> '${field}' as ${field}`)
    return sql`(select ${sql.raw(columns.join(', '))} from ${sql.raw(each)}(${parameter})) as r`
  },
  document: (text) => text,
  field: (document, name) => fieldOf(document, `$.${JSON.stringify(name)}`),
})

const fieldOf = (document: RawBuilder<unknown>, path: string): ReturnType<Dialect['field']> => {
  const type = sql`json_type(${document}, ${path})`
  const value = sql`json_extract(${document}, ${path})`
  return {
    text: sql`case when ${type} = 'text' then ${value} end`,
    number: sql`case when ${type} in ('integer', 'real') then cast(${value} as real) end`,
    boolean: sql`case when ${type} in ('true', 'false') then ${value} end`,
    isList: sql`coalesce(${type} = 'array', false)`,
    isFilledList: sql`coalesce(${type} = 'array' and json_array_length(${document}, ${path}) > 0, false)`,
    hasAny: (elements) => sql`(coalesce(${type} = 'array', false) and exists (
      select 1 from json_each(${JSON.stringify(elements)}) as w join json_each(${document}, ${path}) as h on ${same}))`,
    hasAll: (elements) => sql`(coalesce(${type} = 'array', false) and not exists (
      select 1 from json_each(${JSON.stringify(elements)}) as w
      where not exists (select 1 from json_each(${document}, ${path}) as h where ${same})))`,
  }
}

/** Two elements are the same JSON scalar: a number is a number with or without decimals, `true` is no 1. */
const same = sql.raw(`h.value = w.value and replace(h.type, 'real', 'integer') = replace(w.type, 'real', 'integer')`)
