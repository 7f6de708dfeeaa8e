import { CompiledQuery, type Query } from '@tobiishi/adapters-sql'
import { TobiishiError } from '@tobiishi/core'
import { storageError } from './storage-error.ts'

/** A client of pg inside a transaction, as far as it is used. `Client` and `PoolClient` fit; a `Pool` does not. */
export interface PgClient {
  query(config: { readonly text: string; readonly values: unknown[] }): Promise<{ readonly rows: unknown[] }>
  /** Of pg 8.17 and later; without it the transaction is taken on trust. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null
  readonly totalCount?: never
}

/** A transaction of Kysely on the same database, as far as it is used. A `Transaction` of Kysely fits. */
export interface KyselyTransaction {
  readonly isTransaction: true
  executeQuery(query: CompiledQuery): Promise<{ readonly rows: unknown[] }>
}

/** What `append` takes as `tx`. */
export type HostTransaction = PgClient | KyselyTransaction

const foreign = (reason: string): TobiishiError =>
  new TobiishiError('storage.transaction_foreign', `The given \`tx\` cannot be written through: ${reason}`)

/** Runs a query inside the app's transaction, on the app's connection, and leaves no prepared statement there. */
export const runInHostTransaction = async (tx: HostTransaction, query: Query): Promise<void> => {
  const run = runnerOf(tx)
  try {
    await run(query)
  } catch (error) {
    const translated = storageError(error)
    if (!TobiishiError.is(translated) || translated.code !== 'schema.not_migrated') throw translated
    throw foreign('its database has no Tobiishi tables. Use the database of this storage, and run storage.migrate() there.')
  }
}

const runnerOf = (tx: HostTransaction): ((query: Query) => Promise<unknown>) => {
  if (isKysely(tx)) {
    if (!tx.isTransaction) throw foreign('no transaction is open on it. Begin one first, or leave `tx` out.')
    return ({ sql, parameters }) => tx.executeQuery(CompiledQuery.raw(sql, [...parameters]))
  }
  if (!('query' in tx) || 'totalCount' in tx) {
    throw foreign('it is neither a client of pg (a pool has no transaction) nor a Transaction of Kysely.')
  }
  if (tx.getTransactionStatus?.() === 'I') {
    throw foreign('no transaction is open on it. Begin one first, or leave `tx` out.')
  }
  return ({ sql, parameters }) => tx.query({ text: sql, values: [...parameters] })
}

const isKysely = (tx: HostTransaction): tx is KyselyTransaction => 'isTransaction' in tx && 'executeQuery' in tx
