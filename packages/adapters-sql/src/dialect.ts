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
  /** SQL boolean: an array with elements stands there. */
  readonly isFilledList: RawBuilder<unknown>
  /** SQL boolean: an array that holds one of these; by JSON type and value. */
  hasAny(elements: readonly ListElement[]): RawBuilder<unknown>
  /** SQL boolean: an array that holds all of these. */
  hasAll(elements: readonly ListElement[]): RawBuilder<unknown>
}

/** What a list can be asked for; text without U+0000 and lone surrogates. */
export type ListElement = string | number | boolean

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
  /**
   * SQL boolean that is true once a gate is passed, which is kept to the end of the transaction: many go through it together
   * (`shared`), or one `alone`, who waits for the others. Null where a writing transaction has the database to itself.
   */
  readonly gate: ((way: 'shared' | 'alone') => RawBuilder<unknown>) | null
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
