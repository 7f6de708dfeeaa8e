import type { OwnWork } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import type { SqlBuilder } from '../sql-builder.ts'

type Versions = Pick<OwnWork, 'formats' | 'foreign'>

/** The version of an enrolment `e` can be worked in. Inside `coalesce`, so that no planner takes it for rare. */
export const isOwnEnrolment = (
  b: SqlBuilder,
  own: { readonly formats: unknown; readonly foreign: unknown },
): RawBuilder<unknown> =>
  sql`coalesce(not (${b.isOneOf("e.version || ' ' || e.scenario", own.foreign)}) and exists (
      select 1 from ${b.table('scenario_version')} v
      where v.scenario = e.scenario and v.version = e.version and ${b.isOneOf('v.format', own.formats, 'instant')}
    ), false)`

/** The parameters of `isOwnEnrolment`. */
export const ownVersions = (b: SqlBuilder, { formats, foreign }: Versions) => ({
  formats: b.list(formats),
  foreign: b.list(foreign.map(({ scenario, version }) => `${version} ${scenario}`)),
})

/** The parameters of everything that is not everybody's. Watches stand for nothing where they are not known. */
export const ownParameters = (b: SqlBuilder, own: OwnWork) => ({
  ...ownVersions(b, own),
  watches: b.list(own.watches ?? []),
  anyWatch: own.watches === null ? 1 : 0,
  handlers: b.list(own.handlers),
})

export type OwnParameters = ReturnType<typeof ownParameters>
