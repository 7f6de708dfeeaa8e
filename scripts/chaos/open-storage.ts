import type { Storage } from '@tobiishi/core/ports'

/** Where a run's rows are, as every process is told. */
export interface Place {
  readonly kind: 'sqlite' | 'postgres'
  /** A file or a connection string. */
  readonly address: string
}

/** Loads one adapter only, so that workers are soon there. */
export const openStorage = async ({ kind, address }: Place): Promise<Storage> => {
  if (kind === 'sqlite') return (await import('@tobiishi/adapters-sqlite')).sqliteStorage({ database: address })
  const { postgresStorage } = await import('@tobiishi/adapters-postgres')
  return postgresStorage({ connectionString: address }) as Storage<never>
}
