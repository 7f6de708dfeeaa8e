import type { InboxWork } from '../inbox/take-in.ts'
import { createDiagram } from '../insight/draw.ts'
import { createForecast } from '../insight/forecast.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { createBackfilling } from './backfilling.ts'
import { createDeadCalls } from './dead-calls.ts'
import { createDrafts } from './drafts.ts'
import { createListing } from './listing.ts'
import { createPausing } from './pausing.ts'
import { createPublishing } from './publishing.ts'
import { createStopping } from './stopping.ts'
import { withCheckedOptions } from './with-checked-options.ts'

/** Everything of `mail.scenarios`, each part a file of its own. */
export const createScenarios = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Tobiishi['scenarios'] =>
  withCheckedOptions({
    ...createListing(runtime, work),
    ...createDrafts(runtime, work),
    ...createPublishing(runtime, work),
    ...createPausing(runtime, work),
    ...createStopping(runtime, work),
    ...createBackfilling(runtime, work),
    ...createDeadCalls(runtime, work),
    forecast: createForecast(runtime, work.ready),
    diagram: createDiagram(runtime, work.ready),
  })
