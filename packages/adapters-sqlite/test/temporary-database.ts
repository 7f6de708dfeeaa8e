import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** A database of the app's own on a fresh file, with a table of its own. */
export interface TemporaryDatabase {
  readonly file: string
  readonly database: BetterSqlite3.Database
  remove(): Promise<void>
}

export const temporaryDatabase = async (): Promise<TemporaryDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-sqlite-'))
  const file = join(folder, 'app.db')
  const database = new BetterSqlite3(file)
  database.exec('create table users (id text primary key)')
  return {
    file,
    database,
    remove: async () => {
      database.close()
      await rm(folder, { recursive: true })
    },
  }
}
