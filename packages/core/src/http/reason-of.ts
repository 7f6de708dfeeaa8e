import { TobiishiError } from '../errors/index.ts'

/** What may stand in a log of an error that is not ours: its kind, because its text may hold what was asked for. */
export const reasonOf = (error: unknown): string =>
  TobiishiError.is(error) ? `${error.code}: ${error.message}` : error instanceof Error ? error.name : typeof error
