import type { Dialect } from '../dialect.ts'
import { addColumns, createTable, type HasColumn } from './table.ts'
import { tablesOfVersion1 } from './version-1.ts'
import { columnsOfVersion2, tablesOfVersion2 } from './version-2.ts'

/** The version of the tables that this code writes. */
export const schemaVersion = 2

/**
 * The oldest code that can still work on tables of this version: migrations only add, so it rarely moves.
 *
 * 2, although the defaults of the new columns make everything that code of version 1 writes harmless, and although it leaves
 * enrolments of definitions in format 2 alone. What it reads decides: it takes inbox entries of the new kinds (`look`, `step`)
 * for done and deletes them, so an enrolment that waits for the result of a call would wait for ever; it records an event and
 * passes over the scenarios in format 2 that the event starts or ends; and it marks mail without frequency caps and quiet
 * hours. So it must not be started on these tables. Workers of version 1 that run already are asked only at their start: stop
 * them before the first process of version 2 works.
 */
export const oldestCompatibleVersion = 2

interface Migration {
  readonly version: number
  statements(dialect: Dialect, hasColumn: HasColumn): readonly string[]
}

const migrations: readonly Migration[] = [
  {
    version: 1,
    statements: (dialect) => [...dialect.preamble, ...tablesOfVersion1.flatMap((table) => createTable(dialect, table))],
  },
  {
    version: 2,
    statements: (dialect, hasColumn) => [
      ...columnsOfVersion2.flatMap((added) => addColumns(dialect, added, hasColumn)),
      ...tablesOfVersion2.flatMap((table) => createTable(dialect, table)),
    ],
  },
]

/**
 * What brings tables of version `from` (0: none) up to date, the version row included. Columns that `hasColumn` knows are not
 * added again, for dialects that cannot say so in SQL.
 */
export const migrationStatements = (dialect: Dialect, from: number, hasColumn: HasColumn = () => false): string[] => [
  ...migrations.filter(({ version }) => version > from).flatMap((migration) => migration.statements(dialect, hasColumn)),
  `insert into ${dialect.tableName('schema')} (id, version, oldest_compatible)
values (1, ${schemaVersion}, ${oldestCompatibleVersion})
on conflict (id) do update set version = excluded.version, oldest_compatible = excluded.oldest_compatible
where ${dialect.tableName('schema')}.version < excluded.version`,
]

/** The whole schema as a script that may be run on any earlier state, for those who run migrations themselves. */
export const migrationScript = (dialect: Dialect, hasColumn?: HasColumn): string =>
  ['begin', ...migrationStatements(dialect, 0, hasColumn), 'commit'].map((statement) => `${statement};\n`).join('\n')
