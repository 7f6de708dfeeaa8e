import type { Runtime } from '../runtime.ts'

/** A new message id: its bucket, so that one partition is asked, then 12 or more random bytes. */
export const newMessageId = (runtime: Pick<Runtime, 'randomId'>, bucket: number): string => `${bucket}${runtime.randomId()}`
