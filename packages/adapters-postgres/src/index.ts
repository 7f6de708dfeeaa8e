export type { HostTransaction, KyselyTransaction, PgClient } from './host-transaction.ts'
export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts'
