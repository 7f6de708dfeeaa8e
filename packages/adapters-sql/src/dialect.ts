import type { QueryCompiler, RawBuilder } from 'kysely'

/** What a column holds, in the words of the tables; each dialect spells it. */
export type ColumnType = 'text' | 'integer' | 'instant' | 'real' | 'boolean' | 'json' | 'document' | 'serial'

/** A record's field as it travels inside one JSON parameter. JSON and documents travel as text. */
export type FieldType = 'text' | 'integer' | 'instant' | 'real' | 'boolean'

/** A field of a JSON document by its JSON type: each is SQL null unless the field has exactly that type. */
export interface DocumentField {
  readonly text: RawBuilder<unknown>
  readonly number: RawBuilder<unknown>
  readonly boolean: RawBuilder<unknown>
  /** SQL boolean: an array stands there. */
  readonly isList: RawBuilder<unknown>
}

/**
 * Everything in which the databases differ, as flags and functions. The verbs are written once over it and never ask for a
 * database by name.
 */
export interface Dialect {
  readonly compiler: QueryCompiler
  /** A table's name inside SQL, quoted. */
  tableName(name: string): string
  /** An index lives beside its table: its name, quoted; unique within the database where that is needed. */
  indexName(name: string): string
  /** How a column type is spelt in DDL. */
  readonly types: { readonly [type in ColumnType]: string }
  /** Appended to the DDL of tables whose rows change or go often. */
  readonly hotTable: string
  /** Appended to the DDL of narrow tables that are only read by their primary key. */
  readonly keyedTable: string
  /** `alter table … add column if not exists` is understood. Where it is not, the storage says which columns there are. */
  readonly addsMissingColumns: boolean
  /** DDL before the first table. */
  readonly preamble: readonly string[]
  /** Rows can be locked singly. False where a writing transaction has the database to itself: locking clauses are empty then. */
  readonly rowLocks: boolean
  /** Encodes a list of keys for `isOneOf`. */
  list(values: readonly (string | number)[]): unknown
  /** `column` is one of the list in `parameter`. */
  isOneOf(column: RawBuilder<unknown>, parameter: unknown, type: 'text' | 'instant'): RawBuilder<unknown>
  /** A FROM item `r` over a JSON array of objects in `parameter`, with these fields as columns, in the array's order. */
  records(parameter: unknown, fields: { readonly [field: string]: FieldType }): RawBuilder<unknown>
  /** Text of a JSON document as a value of a `document` column. */
  document(text: RawBuilder<unknown>): RawBuilder<unknown>
  /** A field of a `document` column. */
  field(document: RawBuilder<unknown>, name: string): DocumentField
}
