import { TobiishiError } from '../../errors/index.ts'
import type { Storage } from '../../ports/storage/index.ts'

/** Refuses tables that this code cannot work with, and says what to run. */
export const checkSchema = async (storage: Storage<unknown>): Promise<void> => {
  const state = await storage.schemaState()
  if (state === 'missing')
    throw new TobiishiError(
      'schema.not_migrated',
      'The database has no Tobiishi tables yet: run `await storage.migrate()` once, for example when you deploy.',
    )
  if (state === 'outdated')
    throw new TobiishiError(
      'schema.outdated',
      'The tables are older than this version of Tobiishi: run `await storage.migrate()`.',
    )
  if (state === 'too-new')
    throw new TobiishiError(
      'schema.too_new',
      'The tables were migrated by a newer version of Tobiishi that this one cannot work with: update the package in this process.',
    )
}
