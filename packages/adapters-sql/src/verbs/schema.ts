import type { InstallationStamp, Instant, SchemaState, SchemaWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { firstRow, run } from '../query.ts'
import { schemaVersion } from '../schema/migrations.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { nextDueVerb } from './next-due.ts'

export interface SchemaVersions {
  readonly version: number
  readonly oldest_compatible: number
}

/** The version row; the table must be there. */
export const schemaVersionVerb = (b: SqlBuilder): (() => Step<SchemaVersions | undefined>) => {
  const select = b.statement(() => sql`select version, oldest_compatible from ${b.table('schema')} where id = 1`)
  return () => firstRow<SchemaVersions>(select({}))
}

/** What the version row means for this code; undefined where there is none. */
export const schemaStateOf = (row: SchemaVersions | undefined): SchemaState => {
  if (row === undefined) return 'missing'
  if (row.oldest_compatible > schemaVersion) return 'too-new'
  return row.version < schemaVersion ? 'outdated' : 'ready'
}

interface StampRow {
  readonly installation_id: string | null
  readonly base_url: string
  readonly environment: string
  readonly address_key_check: string
}

export const schemaVerbs = (b: SqlBuilder): SchemaWriter => {
  const schema = b.table('schema')
  const selectStamp = b.statement(
    () => sql`select installation_id, base_url, environment, address_key_check from ${schema} where id = 1`,
  )
  const updateStamp = b.statement<InstallationStamp>(
    (p) => sql`update ${schema} set installation_id = ${p.installationId}, base_url = ${p.baseUrl},
      environment = ${p.environment}, address_key_check = ${p.addressKeyCheck}
      where id = 1 and installation_id is null`,
  )
  const lease = b.statement<{ owner: string; now: Instant; until: Instant }>(
    (p) => sql`update ${schema} set worker_owner = ${p.owner}, worker_until = ${p.until}
      where id = 1 and (worker_owner is null or worker_owner = ${p.owner} or worker_until <= ${p.now})`,
  )
  const release = b.statement<{ owner: string }>(
    (p) => sql`update ${schema} set worker_owner = null, worker_until = null where id = 1 and worker_owner = ${p.owner}`,
  )

  function* stamp(): Step<InstallationStamp | null> {
    const row = yield* firstRow<StampRow>(selectStamp({}))
    if (row === undefined || row.installation_id === null) return null
    return {
      installationId: row.installation_id,
      baseUrl: row.base_url,
      environment: row.environment,
      addressKeyCheck: row.address_key_check,
    }
  }

  return {
    stamp,
    *setStamp(given) {
      yield* run(updateStamp(given))
      return (yield* stamp()) ?? given
    },
    *leaseWorker(options) {
      return (yield* run(lease(options))) > 0
    },
    *releaseWorker(owner) {
      yield* run(release({ owner }))
    },
    nextDueAt: nextDueVerb(b),
  }
}
