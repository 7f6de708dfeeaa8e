import type { Dialect } from '../dialect.ts'
import { createTable, tables } from './tables.ts'

/** The version of the tables that this code writes. */
export const schemaVersion = 1

/** The oldest code that can still work on tables of this version: migrations only add, so it rarely moves. */
export const oldestCompatibleVersion = 1

interface Migration {
  readonly version: number
  statements(dialect: Dialect): readonly string[]
}

const migrations: readonly Migration[] = [
  {
    version: 1,
    statements: (dialect) => [...dialect.preamble, ...tables.flatMap((table) => createTable(dialect, table))],
  },
]

/** What brings tables of version `from` (0: none) up to date, the version row included. */
export const migrationStatements = (dialect: Dialect, from: number): string[] => [
  ...migrations.filter(({ version }) => version > from).flatMap((migration) => migration.statements(dialect)),
  `insert into ${dialect.tableName('schema')} (id, version, oldest_compatible)
values (1, ${schemaVersion}, ${oldestCompatibleVersion})
on conflict (id) do update set version = excluded.version, oldest_compatible = excluded.oldest_compatible
where ${dialect.tableName('schema')}.version < excluded.version`,
]

/** The whole schema as a script that may be run on any earlier state, for those who run migrations themselves. */
export const migrationScript = (dialect: Dialect): string =>
  ['begin', ...migrationStatements(dialect, 0), 'commit'].map((statement) => `${statement};\n`).join('\n')
