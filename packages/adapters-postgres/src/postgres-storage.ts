import {
  createSqlBuilder,
  createVerbs,
  inboxInsert,
  migrationScript,
  migrationStatements,
  type SchemaVersions,
  schemaStateOf,
  schemaVersion,
  schemaVersionVerb,
} from '@tobiishi/adapters-sql'
import { TobiishiError } from '@tobiishi/core'
import type { Storage } from '@tobiishi/core/ports'
import pg from 'pg'
import { type HostTransaction, runInHostTransaction } from './host-transaction.ts'
import type { PgPool, Queryable } from './pg-pool.ts'
import { migrationLock, postgresDialect } from './postgres-dialect.ts'
import { drive, runQuery } from './run-request.ts'
import { storageError } from './storage-error.ts'
import { transact } from './transactor.ts'

export type PostgresStorageOptions = {
  /** PostgreSQL schema of the tables. Default `tobiishi`; another one for each brand or tenant. */
  readonly schema?: string
} & (
  | { readonly connectionString: string; readonly pool?: never }
  /** The app's own pool: `close` leaves it open. */
  | { readonly pool: PgPool; readonly connectionString?: never }
)

/**
 * Rows in PostgreSQL, in a schema of their own, for any number of workers. `tx` is a client of pg inside a transaction, or a
 * transaction of Kysely, on the same database. Fixed statements are prepared by name: behind PgBouncer in transaction mode
 * that needs `max_prepared_statements` (PgBouncer 1.21). Throws `config.invalid` where the options name no database.
 *
 * @example
 * ```ts
 * const storage = postgresStorage({ connectionString: 'postgres://localhost/app' })
 * await storage.migrate()
 * ```
 */
export const postgresStorage = (options: PostgresStorageOptions): Storage<HostTransaction> => {
  const schema = options.schema ?? 'tobiishi'
  const { pool, close } =
    options.pool === undefined ? ownPool(options.connectionString) : { pool: options.pool, close: leaveOpen }
  const dialect = postgresDialect(schema)
  const builder = createSqlBuilder(dialect)
  const verbs = createVerbs(builder)
  const insertEntries = inboxInsert(builder)
  const readVersions = schemaVersionVerb(builder)

  const storedVersions = async (client: Queryable): Promise<SchemaVersions | undefined> => {
    const sql = 'select to_regclass($1) is not null as exists'
    const { rows } = await runQuery(client, { sql, parameters: [dialect.tableName('schema')], isFixed: true })
    return isTrue(rows[0]) ? await drive(client, readVersions()) : undefined
  }

  return {
    traits: { singleWorker: false, durable: true, sharesTransactions: true },
    migrationSql: () => migrationScript(dialect),
    migrate: () =>
      transact(pool, 'write', async (client) => {
        await client.query({ text: migrationLock(schema) })
        const stored = await storedVersions(client)
        const from = stored?.version ?? 0
        if (stored !== undefined && schemaStateOf(stored) === 'too-new') throw tooNew(stored)
        if (from >= schemaVersion) return { from, to: from }
        for (const statement of migrationStatements(dialect, from)) await client.query({ text: statement })
        return { from, to: schemaVersion }
      }),
    schemaState: () => transact(pool, 'read', async (client) => schemaStateOf(await storedVersions(client))),
    databaseNow: async () => {
      const sql = 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now'
      const { rows } = await runQuery(pool, { sql, parameters: [], isFixed: true }).catch(rethrow)
      return numberOf(rows[0])
    },
    append: async (entries, { tx } = {}) => {
      if (entries.length === 0) return
      const query = insertEntries(entries)
      if (tx !== undefined) await runInHostTransaction(tx, query)
      else await runQuery(pool, query).catch(rethrow)
    },
    transaction: (work) => transact(pool, 'write', (client, sent) => drive(client, work(verbs), sent)),
    read: (work) => transact(pool, 'read', (client, sent) => drive(client, work(verbs), sent)),
    close,
  }
}

const leaveOpen = async (): Promise<void> => {}

const ownPool = (connectionString: string | undefined): { readonly pool: PgPool; readonly close: () => Promise<void> } => {
  if (!connectionString) {
    throw new TobiishiError('config.invalid', 'postgresStorage needs a `connectionString` or a `pool`.')
  }
  const pool = new pg.Pool({ connectionString, pipeline: true })
  // A connection that breaks while nobody uses it is replaced by the pool; unheard, its event would end the process.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  let ended: Promise<void> | undefined
  const close = (): Promise<void> => {
    ended ??= pool.end()
    return ended
  }
  return { pool, close }
}

const ignore = (): void => {}

const tooNew = ({ version, oldest_compatible }: SchemaVersions): TobiishiError =>
  new TobiishiError(
    'schema.too_new',
    `The database has schema version ${version} and asks for code of version ${oldest_compatible} or later: update the package.`,
    { details: { version, oldestCompatible: oldest_compatible, code: schemaVersion } },
  )

const rethrow = (error: unknown): never => {
  throw storageError(error)
}

const isTrue = (row: unknown): boolean => typeof row === 'object' && row !== null && 'exists' in row && row.exists === true

const numberOf = (row: unknown): number =>
  typeof row === 'object' && row !== null && 'now' in row && typeof row.now === 'number' ? row.now : Number.NaN
