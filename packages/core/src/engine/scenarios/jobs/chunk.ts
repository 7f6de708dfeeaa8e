import type { Instant } from '../../../domain/time/instant.ts'
import type { Job, Step, StorageTransaction } from '../../../ports/storage/index.ts'
import type { Runtime } from '../../runtime.ts'

/** What a chunk works with. The job is locked. */
export interface ChunkContext {
  readonly runtime: Runtime
  readonly tx: StorageTransaction
  readonly job: Job
  readonly now: Instant
}

/** What a chunk did: the job as it is to be saved in the same transaction, and how many contacts it looked at. */
export interface Chunk {
  readonly job: Job
  readonly contacts: number
  readonly warnings?: readonly { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[]
}

export type WorkChunk = (context: ChunkContext) => Step<Chunk>
