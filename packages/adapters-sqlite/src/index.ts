export type { HostDatabase, HostTransaction, KyselyTransaction } from './host-transaction.ts'
export { type SqliteStorageOptions, sqliteStorage } from './sqlite-storage.ts'
