import type { QueueWriter } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { firstRow } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { capVerbs } from './caps.ts'
import { claimVerb } from './claim.ts'
import { finishVerb } from './finish.ts'
import { markVerb } from './mark.ts'
import { reapVerb } from './reap.ts'
import { releaseVerb } from './release.ts'

export const queueVerbs = (b: SqlBuilder): QueueWriter => {
  const caps = capVerbs(b)
  const depth = b.statement(() => sql`select count(*) as count from ${b.table('send_queue')}`)
  return {
    *depth() {
      return (yield* firstRow<{ count: number }>(depth({})))?.count ?? 0
    },
    capsUsed: caps.used,
    purgeCaps: caps.purge,
    claim: claimVerb(b),
    mark: markVerb(b),
    finish: finishVerb(b),
    release: releaseVerb(b),
    reap: reapVerb(b),
  }
}
