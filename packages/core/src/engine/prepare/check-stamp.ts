import { TobiishiError } from '../../errors/index.ts'
import type { InstallationStamp } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Stamps a new database with this installation, or makes sure that it is the one stamped before: a copy of a production
 * database must not send to its customers. Throws `stamp.mismatch` or `config.address_key_changed`.
 */
export const checkStamp = async (runtime: Runtime): Promise<void> => {
  const { settings, addressKeyCheck, storage, randomId } = runtime
  const { baseUrl, environment } = settings
  const own: InstallationStamp = { installationId: randomId(), baseUrl, environment, addressKeyCheck }
  const stamp = await storage.transaction(function* (tx) {
    return (yield* tx.schema.stamp()) ?? (yield* tx.schema.setStamp(own))
  })
  if (stamp.baseUrl !== baseUrl || stamp.environment !== environment) throw mismatch(stamp, own)
  if (stamp.addressKeyCheck !== addressKeyCheck)
    throw new TobiishiError(
      'config.address_key_changed',
      'addressKey is not the one that this database was started with, so suppressed addresses would not be recognised: ' +
        'put the old key back. It never changes for a database.',
    )
}

const mismatch = (stamp: InstallationStamp, own: InstallationStamp) =>
  new TobiishiError(
    'stamp.mismatch',
    `This database belongs to ${stamp.baseUrl} (${stamp.environment}), but this process is ${own.baseUrl} (${own.environment}). ` +
      'Nothing is sent, because it looks like a copy. If it is one, give this process a database of its own; ' +
      'if it is not, set baseUrl and environment as they were.',
    { details: { database: [stamp.baseUrl, stamp.environment], process: [own.baseUrl, own.environment] } },
  )
