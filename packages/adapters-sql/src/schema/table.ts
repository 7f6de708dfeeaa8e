import type { ColumnType, Dialect } from '../dialect.ts'

export type Column =
  | ColumnType
  | `${ColumnType} not null`
  | `${ColumnType} not null default ${string}`
  | `${ColumnType} primary key`

export interface Table {
  readonly name: string
  readonly columns: { readonly [name: string]: Column }
  /** Further constraints of the table. */
  readonly constraints?: readonly string[]
  readonly storage?: 'hot' | 'keyed'
  readonly indexes?: { readonly [name: string]: string }
}

/** Columns that a later version gives to a table of an earlier one: nullable or with a default, so that older code can insert. */
export interface AddedColumns {
  readonly table: string
  readonly columns: { readonly [name: string]: ColumnType | `${ColumnType} not null default ${string}` }
}

/** The DDL of a table and its indexes; running it again changes nothing. */
export const createTable = (dialect: Dialect, table: Table): string[] => {
  const columns = Object.entries(table.columns).map(([name, column]) => `${name} ${spelt(dialect, column)}`)
  const lines = [...columns, ...(table.constraints ?? [])].map((line) => `  ${line}`).join(',\n')
  const storage = table.storage === 'hot' ? dialect.hotTable : table.storage === 'keyed' ? dialect.keyedTable : ''
  const indexes = Object.entries(table.indexes ?? {}).map(
    ([name, definition]) =>
      `create index if not exists ${dialect.indexName(name)} on ${dialect.tableName(table.name)} ${definition}`,
  )
  return [
    `create table if not exists ${dialect.tableName(table.name)} (\n${lines}\n)${storage === '' ? '' : ` ${storage}`}`,
    ...indexes,
  ]
}

/** The DDL that adds those columns of `added` that are not there yet. */
export const addColumns = (dialect: Dialect, { table, columns }: AddedColumns, hasColumn: HasColumn): string[] => {
  const missing = Object.entries(columns).filter(([name]) => !hasColumn(table, name))
  const condition = dialect.addsMissingColumns ? 'if not exists ' : ''
  return missing.map(
    ([name, column]) => `alter table ${dialect.tableName(table)} add column ${condition}${name} ${spelt(dialect, column)}`,
  )
}

/** Whether a table of the database has a column already; a table that is not there has none. */
export type HasColumn = (table: string, column: string) => boolean

const spelt = (dialect: Dialect, column: Column): string => {
  const [type, ...rest] = column.split(' ')
  return [dialect.types[type as ColumnType], ...rest].join(' ')
}
