import type { Sighting } from '../world/sighting.ts'
import { agrees } from './agreement.ts'
import {
  atMostOnce,
  capsHold,
  drains,
  endsOnceAndForAReason,
  nothingAfterLeaving,
  nothingHeldGoesOut,
  nothingOutsideItsWindow,
  onTime,
} from './delivery.ts'
import {
  keepsVariants,
  migratingToTheSameIsNoOp,
  nobodyFails,
  onlyGrows,
  pausedAtOnceIsNoOp,
  repeatingIsNoOp,
  wakingIsNoOp,
} from './enrolments.ts'
import type { Invariant } from './moment.ts'

/**
 * Design §6 by name, wherever a worker has come to rest. What random commands cannot see of it is held elsewhere:
 *
 * | Invariant | Elsewhere |
 * |---|---|
 * | at most one call a token, none after an ambiguous one, all work drains after faults | `packages/core/test/crash` (death and standing still at every await), `conformance/src/storage/protocol`, the chaos run |
 * | no call whose mark came after an unsubscribe, where both race | `conformance/src/storage/queue-mark.ts`, `engine/after-claim.ts` |
 * | permuting events gives the same entries | `packages/core/test/properties/entries.test.ts`; here each order is compared with the reference |
 * | losing a hint | `packages/core/test/crash`: its workers are woken by nothing else than the clock, and so are those here |
 */
export const invariants: { readonly [name: string]: Invariant } = {
  'at most one call per key': atMostOnce,
  'no call whose mark committed after an unsubscribe': nothingAfterLeaving,
  'caps hold': capsHold,
  'stepSeq grows and terminal states absorb': onlyGrows,
  'nothing outside its window': nothingOutsideItsWindow,
  'repeating events changes nothing': repeatingIsNoOp,
  'same contact, same variant': keepsVariants,
  'pause and resume at once is a no-op': pausedAtOnceIsNoOp,
  'migrating to an identical version is a no-op': migratingToTheSameIsNoOp,
  'all due work drains': drains,
  'repeating a waker hint changes nothing': wakingIsNoOp,
  'nothing before its time, and on time where nothing disturbs it': onTime,
  'nothing goes out of a paused scenario or after an exit': nothingHeldGoesOut,
  'mail ends once, and for a reason': endsOnceAndForAReason,
  'nobody fails and nothing goes wrong in silence': nobodyFails,
  'what is there is what the reference expects': agrees,
}

/** Once nothing is added any more and all that anybody waits for is over. */
export const atTheEnd: { readonly [name: string]: (sighting: Sighting) => readonly string[] } = {
  'every message ends in a terminal or unknown state': ({ messages }) =>
    messages.filter(({ state }) => state === 'queued').map(({ stepId, contactId }) => `${stepId} of ${contactId} is queued`),
  'all due work drains': ({ courses }) =>
    courses.filter(({ row }) => row.state === 'active').map(({ row }) => `${row.contactId} is in ${row.scenario}`),
}
