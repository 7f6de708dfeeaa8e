export type { HostTransaction, KyselyTransaction, PgClient } from './host-transaction.ts'
export type { PgPool, PgPoolClient, PgQuery, Queryable } from './pg-pool.ts'
export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts'
