import type { Query, Request } from '@tobiishi/adapters-sql'
import { TobiishiError } from '@tobiishi/core'
import type { Step } from '@tobiishi/core/ports'
import type { Database, Statement } from 'better-sqlite3'
import { loadDriver } from './load-driver.ts'
import { isBusy, storageError } from './storage-error.ts'

/**
 * The storage's own connection. Everything on it is synchronous from BEGIN to COMMIT, so that the event loop never sees an
 * open transaction. It never waits for a lock: SQLITE_BUSY comes out at once, for the caller to try again later.
 */
export class Connection {
  readonly #database: Database
  /** Prepared statements by their text. Only texts of which there is a fixed number are kept. */
  readonly #statements = new Map<string, Statement>()

  constructor(file: string) {
    this.#database = open(file)
  }

  /**
   * Turns the write-ahead log on; true where there is one. Its commits are brought onto the disk by `WalSync`; without a log
   * every COMMIT does that itself. Fails with SQLITE_BUSY where another connection is just at work.
   */
  configure(): boolean {
    const hasLog = this.#database.pragma('journal_mode = wal', { simple: true }) === 'wal'
    this.#database.pragma(`synchronous = ${hasLog ? 'normal' : 'full'}`)
    // 8 MB: what lies beyond it is in the system's own cache, which is not the host app's memory.
    this.#database.pragma('cache_size = -8192')
    this.#database.pragma('wal_autocheckpoint = 4000')
    this.#database.pragma('temp_store = memory')
    return hasLog
  }

  /** The file's absolute name as SQLite knows it; empty for a database in memory. */
  get file(): string {
    return mainFile(this.#database)
  }

  /** Whether this SQLite has `jsonb_each`. */
  get hasJsonbEach(): boolean {
    const version = String(this.#database.prepare('select sqlite_version()').pluck().get())
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return major > 3 || (major === 3 && minor >= 51)
  }

  /** Runs `work` between BEGIN IMMEDIATE and COMMIT; whatever is thrown takes everything back. */
  write<T>(work: () => T): T {
    return this.#transact('begin immediate', work)
  }

  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T {
    return this.#transact('begin', work)
  }

  /** Runs a step to its end at once. */
  drive<T>(step: Step<T>): T {
    let next = step.next()
    while (!next.done) {
      let answer: unknown
      try {
        answer = this.execute(next.value as Request)
      } catch (error) {
        step.return(undefined as T)
        throw error
      }
      next = step.next(answer)
    }
    return next.value
  }

  execute({ query, wants }: Request): unknown {
    try {
      const statement = this.#prepare(query)
      return wants === 'rows' ? statement.all(query.parameters) : statement.run(query.parameters).changes
    } catch (error) {
      throw isBusy(error) ? error : storageError(error)
    }
  }

  run(sql: string): void {
    this.#database.exec(sql)
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(query: Query): Statement {
    const known = this.#statements.get(query.sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(query.sql)
    if (query.isFixed) this.#statements.set(query.sql, statement)
    return statement
  }

  #transact<T>(begin: string, work: () => T): T {
    if (this.#database.inTransaction) {
      throw new TobiishiError('storage.failed', 'Work of a transaction started another one. Use the `tx` it was given instead.')
    }
    this.#statement(begin)
    try {
      const result = work()
      this.#statement('commit')
      return result
    } catch (error) {
      if (this.#database.inTransaction) this.#statement('rollback')
      throw error
    }
  }

  #statement(sql: string): void {
    this.execute({ query: { sql, parameters: [], isFixed: true }, wants: 'count' })
  }
}

/** The name of a connection's main file, made absolute by SQLite itself. */
export const mainFile = (database: { pragma(source: string): unknown }): string => {
  const list = database.pragma('database_list') as readonly { readonly name: string; readonly file: string | null }[]
  return list.find(({ name }) => name === 'main')?.file ?? ''
}

const open = (file: string): Database => {
  const Driver = loadDriver()
  try {
    return new Driver(file, { timeout: 0 })
  } catch (error) {
    throw storageError(error)
  }
}
