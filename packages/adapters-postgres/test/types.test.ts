import type { Storage } from '@tobiishi/core/ports'
import type { Transaction } from 'kysely'
import type pg from 'pg'
import { expectTypeOf, test } from 'vitest'
import { type HostTransaction, postgresStorage } from '../src/index.ts'

test('tx is inferred: clients of pg and transactions of Kysely, not pools', () => {
  expectTypeOf(postgresStorage).returns.toEqualTypeOf<Storage<HostTransaction>>()
  expectTypeOf<pg.Client>().toExtend<HostTransaction>()
  expectTypeOf<pg.PoolClient>().toExtend<HostTransaction>()
  expectTypeOf<Transaction<{ users: { id: string } }>>().toExtend<HostTransaction>()
  expectTypeOf<pg.Pool>().not.toExtend<HostTransaction>()
})
