import type { OwnWork } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { hasParts, readableFormats, versionKey } from './scenario-book.ts'

/** What this process can work in, as far as it has read the scenarios. */
export const ownWork = (runtime: Runtime): OwnWork => ({
  formats: readableFormats,
  foreign: foreignVersions(runtime),
  watches: runtime.stored.watching,
  handlers: [...runtime.handlers.keys()],
})

/** Versions that are left to other processes: this one lacks a template or a handler of theirs. */
export const foreignVersions = (runtime: Runtime): OwnWork['foreign'] =>
  [...runtime.stored.versions.values()].flatMap((definition) =>
    definition === null || hasParts(definition, runtime) ? [] : [{ scenario: definition.name, version: definition.version }],
  )

/**
 * Says once of each version that this process leaves to others how many contacts are in its scenario, if any are: where no process
 * has its templates and handlers any more, they wait for ever.
 */
export const tellForeign = async (runtime: Runtime, foreign: OwnWork['foreign']): Promise<void> => {
  const { storage, stored, logger } = runtime
  for (const { scenario, version } of foreign) {
    const key = versionKey(scenario, version)
    if (stored.leftAlone.has(key)) continue
    stored.leftAlone.add(key)
    const active = await storage.read((reader) => reader.enrolments.count({ scenario, state: 'active' }))
    if (active > 0) logger.warn('scenario.leftAlone', { scenario, version, active })
  }
}
