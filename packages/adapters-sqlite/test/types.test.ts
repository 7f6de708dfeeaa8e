import type { Storage } from '@tobiishi/core/ports'
import type BetterSqlite3 from 'better-sqlite3'
import type { Transaction } from 'kysely'
import { expectTypeOf, test } from 'vitest'
import { type HostTransaction, sqliteStorage } from '../src/index.ts'

test("tx is inferred: never for a file name, the app's database or Kysely's transaction for a database", () => {
  const byName = () => sqliteStorage({ database: 'mail.db' })
  const byDatabase = (database: BetterSqlite3.Database) => sqliteStorage({ database })
  expectTypeOf(byName).returns.toEqualTypeOf<Storage<never>>()
  expectTypeOf(byDatabase).returns.toEqualTypeOf<Storage<HostTransaction>>()
  expectTypeOf<BetterSqlite3.Database>().toExtend<HostTransaction>()
  expectTypeOf<Transaction<{ users: { id: string } }>>().toExtend<HostTransaction>()
  expectTypeOf<string>().not.toExtend<HostTransaction>()
})
