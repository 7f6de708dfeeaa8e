import { CompiledQuery, type Query } from '@tobiishi/adapters-sql'
import { TobiishiError } from '@tobiishi/core'
import { mainFile } from './connection.ts'

/** The app's own better-sqlite3 database, as far as it is used. A `Database` of better-sqlite3 fits. */
export interface HostDatabase {
  readonly name: string
  readonly memory: boolean
  readonly inTransaction: boolean
  pragma(source: string): unknown
  prepare(source: string): { run(...parameters: unknown[]): unknown }
}

/** A transaction of Kysely on the same file, as far as it is used. A `Transaction` of Kysely fits. */
export interface KyselyTransaction {
  readonly isTransaction: true
  executeQuery(query: CompiledQuery): Promise<{ readonly rows: unknown[] }>
}

/** What `append` takes as `tx`: the database itself while it is in a transaction, or Kysely's transaction. */
export type HostTransaction = HostDatabase | KyselyTransaction

const foreign = (reason: string): TobiishiError =>
  new TobiishiError('storage.transaction_foreign', `The given \`tx\` cannot be written through: ${reason}`)

const wrongFile = () => foreign('it belongs to another database file. Give sqliteStorage the same database, or leave `tx` out.')

const notOpen = () => foreign('no transaction is open on it. Begin one first, or leave `tx` out.')

/**
 * Runs a query inside the app's transaction, on the app's connection. On better-sqlite3 it has run when the call returns,
 * before any await, so that it works inside `database.transaction(() => …)`.
 */
export const runInHostTransaction = (tx: HostTransaction, query: Query, file: string): Promise<void> => {
  if (isDatabase(tx)) {
    if (!tx.inTransaction) throw notOpen()
    if (mainFile(tx) !== file) throw wrongFile()
    tx.prepare(query.sql).run(query.parameters)
    return Promise.resolve()
  }
  if (isKysely(tx)) return runInKysely(tx, query, file)
  throw foreign('it is neither a Database of better-sqlite3 nor a Transaction of Kysely.')
}

const runInKysely = async (tx: KyselyTransaction, query: Query, file: string): Promise<void> => {
  if (!tx.isTransaction) throw notOpen()
  const { rows } = await tx.executeQuery(CompiledQuery.raw('pragma database_list'))
  if (!rows.some((row) => isMainFile(row, file))) throw wrongFile()
  await tx.executeQuery(CompiledQuery.raw(query.sql, [...query.parameters]))
}

const isMainFile = (row: unknown, file: string): boolean =>
  typeof row === 'object' && row !== null && 'name' in row && row.name === 'main' && 'file' in row && row.file === file

const isDatabase = (tx: HostTransaction): tx is HostDatabase => 'inTransaction' in tx && 'prepare' in tx

const isKysely = (tx: HostTransaction): tx is KyselyTransaction => 'isTransaction' in tx && 'executeQuery' in tx
