import {
  createSqlBuilder,
  createVerbs,
  type Dialect,
  type HasColumn,
  inboxInsert,
  migrationScript,
  migrationStatements,
  oldestCompatibleVersion,
  type SchemaVersions,
  schemaStateOf,
  schemaVersion,
  schemaVersionVerb,
} from '@tobiishi/adapters-sql'
import { TobiishiError } from '@tobiishi/core'
import type { Milliseconds, Storage } from '@tobiishi/core/ports'
import { Connection } from './connection.ts'
import { type HostDatabase, type HostTransaction, runInHostTransaction } from './host-transaction.ts'
import { retryBusy } from './retry-busy.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { storageError } from './storage-error.ts'
import { openLog, WalSync } from './wal-sync.ts'

export interface SqliteStorageOptions<D extends string | HostDatabase> {
  /**
   * A file, or the app's own better-sqlite3 database: then `tx` is accepted. The storage opens a connection of its own in
   * either case, so that its transactions never mix with the app's, and turns the file's write-ahead log on.
   */
  readonly database: D
  /** How long work is tried again while another connection holds the database. Default 10 s. */
  readonly busyTimeout?: Milliseconds
}

/**
 * Rows in a SQLite file, under the prefix `tobiishi_`. For one worker at a time; a second one waits for its lease. Every
 * commit is on the disk when the promise resolves, as with `synchronous=full`, but the wait for the disk does not stop the
 * event loop. A transaction blocks the event loop for its own length and never waits for a lock on it. `migrationSql` is
 * written for the file as it is when it is asked for, because SQLite cannot add a column only where it is missing: a text that
 * is run again after it has added columns fails whole and changes nothing, a new one does nothing. Throws `config.invalid` on Node before 22 and for an app's database in memory.
 *
 * @example
 * ```ts
 * const storage = sqliteStorage({ database: 'mail.db' })
 * await storage.migrate()
 * ```
 */
export function sqliteStorage(options: SqliteStorageOptions<string>): Storage<never>
export function sqliteStorage(options: SqliteStorageOptions<HostDatabase>): Storage<HostTransaction>
export function sqliteStorage({
  database,
  busyTimeout = 10_000,
}: SqliteStorageOptions<string | HostDatabase>): Storage<HostTransaction> {
  if (typeof database !== 'string' && (database.memory || database.name === '')) {
    throw new TobiishiError(
      'config.invalid',
      'sqliteStorage cannot share a database in memory: its own connection would not see it. Use a file, or ":memory:" alone.',
    )
  }
  const connection = new Connection(typeof database === 'string' ? database : database.name)
  const file = connection.file
  const dialect = sqliteDialect(connection.hasJsonbEach ? 'jsonb_each' : 'json_each')
  const builder = createSqlBuilder(dialect)
  const verbs = createVerbs(builder)
  const insertEntries = inboxInsert(builder)
  // The app's own connection may be another, older SQLite.
  const insertAtHost = inboxInsert(createSqlBuilder(sqliteDialect('json_each')))
  const patiently = <T>(work: () => T): Promise<T> => retryBusy(work, busyTimeout)
  const log = new WalSync(() => openLog(file))
  let configured: Promise<boolean> | undefined
  const ready = (): Promise<boolean> => {
    configured ??= patiently(() => connection.configure())
    return configured
  }
  const write = async <T>(work: () => T): Promise<T> => {
    const hasLog = await ready()
    const result = await patiently(() => connection.write(work))
    if (hasLog) await log.flush()
    return result
  }
  const read = async <T>(work: () => T): Promise<T> => {
    await ready()
    return await patiently(() => connection.read(work))
  }

  return {
    traits: { singleWorker: true, durable: file !== '', sharesTransactions: typeof database !== 'string' },
    migrationSql: () => translated(() => connection.read(() => migrationScript(dialect, columnsOf(connection, dialect)))),
    migrate: () => write(() => migrate(connection, dialect)),
    schemaState: () => read(() => schemaStateOf(storedVersions(connection, dialect))),
    append: async (entries, options) => {
      if (entries.length === 0) return
      if (options?.tx !== undefined) {
        if (typeof database === 'string') throw noSharing()
        return await hostErrors(() => runInHostTransaction(options.tx as HostTransaction, insertAtHost(entries), file))
      }
      const query = insertEntries(entries)
      await write(() => connection.execute({ query, wants: 'count' }))
    },
    transaction: (work) => write(() => connection.drive(work(verbs))),
    read: (work) => read(() => connection.drive(work(verbs))),
    close: async () => {
      await log.close()
      connection.close()
    },
  }
}

const noSharing = (): TobiishiError =>
  new TobiishiError(
    'storage.transaction_foreign',
    'This storage was given a file name and shares no transactions: give sqliteStorage your Database, or leave out `tx`.',
  )

const hostErrors = async (run: () => Promise<void>): Promise<void> => {
  try {
    await run()
  } catch (error) {
    throw storageError(error)
  }
}

const translated = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw storageError(error)
  }
}

/** SQLite cannot add a column only where it is missing: what is there is looked up before the statements are written. */
const columnsOf =
  (connection: Connection, dialect: Dialect): HasColumn =>
  (table, column) => {
    const sql = 'select 1 from pragma_table_info(?) where name = ?'
    const parameters = [dialect.tableName(table), column]
    const found = connection.execute({ query: { sql, parameters, isFixed: true }, wants: 'rows' })
    return Array.isArray(found) && found.length > 0
  }

const storedVersions = (connection: Connection, dialect: Dialect): SchemaVersions | undefined => {
  const table = connection.execute({
    query: { sql: `select 1 from sqlite_master where name = 'tobiishi_schema'`, parameters: [], isFixed: true },
    wants: 'rows',
  })
  if (!Array.isArray(table) || table.length === 0) return undefined
  return connection.drive(schemaVersionVerb(createSqlBuilder(dialect))())
}

const migrate = (connection: Connection, dialect: Dialect): { from: number; to: number } => {
  const stored = storedVersions(connection, dialect)
  const from = stored?.version ?? 0
  if (stored !== undefined && stored.oldest_compatible > schemaVersion) {
    throw new TobiishiError(
      'schema.too_new',
      `The database has schema version ${from} and asks for code of version ${stored.oldest_compatible} or later: update the package.`,
      { details: { from, oldestCompatible: stored.oldest_compatible, code: oldestCompatibleVersion } },
    )
  }
  if (from >= schemaVersion) return { from, to: from }
  for (const statement of migrationStatements(dialect, from, columnsOf(connection, dialect))) connection.run(statement)
  return { from, to: schemaVersion }
}
