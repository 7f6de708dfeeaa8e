import { describe, expect, it } from 'vitest'
import { day } from '../time/instant.ts'
import type { BounceClass } from '../tracking/delivery-event.ts'
import { bounceAction } from './bounce-action.ts'

const now = Date.UTC(2026, 0, 31)
const clean = { softBounces: 0, softSince: null }

describe('bounceAction', () => {
  it('suppresses an address that does not exist, at once and for all mail', () => {
    const gone = { kind: 'suppress', scope: 'all', reason: 'hard-bounce' }
    expect(bounceAction('hard-unknown-user', clean, now)).toEqual(gone)
    expect(bounceAction('hard-bad-domain', clean, now)).toEqual(gone)
  })

  it.each<[BounceClass]>([['message'], ['policy'], ['spam-block'], ['transient']])(
    'does not blame the recipient for %s',
    (found) => {
      expect(bounceAction(found, { softBounces: 40, softSince: 0 }, now)).toEqual({ kind: 'none' })
    },
  )

  it.each<[BounceClass]>([['suspended'], ['mailbox-full'], ['filtered'], ['expired'], ['undetermined']])('counts %s', (found) => {
    expect(bounceAction(found, clean, now)).toEqual({ kind: 'soft', softBounces: 1, softSince: now })
    expect(bounceAction(found, { softBounces: 1, softSince: now - day }, now)).toEqual({
      kind: 'soft',
      softBounces: 2,
      softSince: now - day,
    })
  })

  it('suppresses at five in a row over 14 days, and not before either', () => {
    const after = (softBounces: number, days: number) =>
      bounceAction('mailbox-full', { softBounces, softSince: now - days * day }, now).kind
    expect(after(4, 14)).toBe('suppress')
    expect(after(3, 60)).toBe('soft')
    expect(after(40, 13)).toBe('soft')
  })

  it('lets the app set the limit', () => {
    expect(bounceAction('expired', clean, now, { count: 1, over: 0 })).toEqual({
      kind: 'suppress',
      scope: 'all',
      reason: 'soft-bounces',
    })
  })
})
