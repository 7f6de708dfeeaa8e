import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import { migrateEnrolment } from '../../src/domain/scenario/migrate-enrolment.ts'
import { type TransitionFacts, transition } from '../../src/domain/scenario/transition.ts'
import type { Need } from '../../src/domain/scenario/transition-contract.ts'
import { isSendable } from '../../src/domain/time/next-sendable.ts'
import { toWallTime } from '../../src/domain/time/time-zone.ts'
import { entered } from '../fixtures/scenario-life.ts'
import { type Life, lives } from './scenario-arbitrary.ts'
import { answer, isHoliday, type Moment, moments } from './scenario-world.ts'

const everyLife = (check: (past: readonly Moment[], life: Life) => void, numRuns = 500) =>
  fc.assert(
    fc.property(lives, (life) => check(moments(life), life)),
    { numRuns },
  )
const everyMoment = (check: (moment: Moment, life: Life) => void, numRuns = 500) =>
  everyLife((past, life) => {
    for (const moment of past) check(moment, life)
  }, numRuns)

/** Stopped between two steps, to go on in the next run: behind an `update`, or after a hundred steps. */
const isUnderWay = ({ memory }: Enrolment) => memory.due !== undefined
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

describe('on any graph, in a world that changes, with a worker as late as it likes', () => {
  it('stepSeq and rev never fall, and no two mails or calls have one number', () => {
    everyLife((past) => {
      let last = 0
      for (const { before, after, effects } of past) {
        expect(after.stepSeq).toBeGreaterThanOrEqual(before.stepSeq)
        expect(after.rev).toBeGreaterThanOrEqual(before.rev)
        for (const effect of effects) {
          if (effect.kind !== 'queue' && effect.kind !== 'skip' && effect.kind !== 'call') continue
          expect(effect.stepSeq).toBeGreaterThan(last)
          expect(effect.stepSeq).toBeLessThanOrEqual(after.state === 'failed' ? effect.stepSeq : after.stepSeq)
          last = effect.stepSeq
        }
      }
    })
  })

  it('terminal states absorb', () => {
    everyMoment(({ before, after, effects }) => {
      if (before.state === 'active') return
      expect(after).toBe(before)
      expect(effects).toEqual([])
    })
  })

  it('the same input again changes nothing', () => {
    everyMoment(({ after, input, now, factsAfter }, life) => {
      if (isUnderWay(after)) return
      const again = answer(life, after, input, factsAfter, now)
      expect(again.enrolment).toBe(after)
      expect(again.effects).toEqual([])
    })
  })

  it('an active enrolment stands where something is waited for; an ended one stands nowhere', () => {
    everyMoment(({ before, after, now, input }, { definition }) => {
      if (after.state !== 'active') {
        expect([after.stepId, after.wakeAt, after.wakeSpec]).toEqual([null, null, null])
        expect(after.endedAt).toBe(before.state === 'active' ? now : before.endedAt)
        return
      }
      expect(after.endedAt).toBeNull()
      if (isUnderWay(after)) return expect(after.wakeAt).toBeLessThanOrEqual(now)
      const isLookedAt = after !== before || ['enter', 'wake', 'look'].includes(input.kind)
      if (!isLookedAt || input.kind === 'resumed') return
      if (after.wakeAt !== null) expect(after.wakeAt).toBeGreaterThan(now)
      const kind = after.stepId === null ? 'end' : definition.steps[after.stepId]?.kind
      if (kind === 'end') expect(after.wakeAt).toBeLessThanOrEqual(after.lastSendAt ?? 0)
      else if (kind === 'call') expect(after.wakeSpec?.endsAt).toBeNull()
      else expect(after.wakeAt).toBeLessThanOrEqual(after.wakeSpec?.endsAt ?? 0)
    })
  })

  it('an exit always drops what is queued and raises the revision; nothing else does', () => {
    everyMoment(({ before, after, effects }) => {
      const left = before.state === 'active' && (after.state === 'exited' || after.state === 'failed')
      expect(effects.some(({ kind }) => kind === 'dropQueued')).toBe(left)
      expect(after.rev - before.rev).toBe(left ? 1 : 0)
    })
  })

  it('nothing is planned before its time, outside of the window or in the quiet hours', () => {
    everyMoment(({ now, effects }, { definition, zone, quietHours, transactional }) => {
      for (const mail of effects) {
        if (mail.kind !== 'queue') continue
        const isMarketing = !transactional.some((one) => one === mail.template)
        const goesOut = Math.max(now, mail.runAt)
        expect(mail.runAt).toBeGreaterThanOrEqual(mail.plannedAt)
        expect(mail.expiresAt).toBeGreaterThan(goesOut)
        if (mail.urgent !== null) expect(isMarketing).toBe(false)
        if (mail.urgent !== null) continue
        const rules = { window: definition.window, quietHours: isMarketing ? quietHours : null, isHoliday }
        expect(isSendable(toWallTime(goesOut, zone), rules)).toBe(true)
        expect(isSendable(toWallTime(mail.plannedAt, zone), rules)).toBe(true)
      }
    })
  })

  it('mails go out in the order of the scenario, but for the urgent', () => {
    everyLife((past) => {
      let last = 0
      for (const { input, before, after, effects, now } of past) {
        if (input.kind === 'deferred' && before.memory.lastSendSeq === input.stepSeq && before.state === 'active')
          last = input.plannedAt
        if (input.kind === 'capped' && before !== after) last = 0
        if (input.kind === 'resumed') last = 0
        for (const mail of effects) {
          if (mail.kind !== 'queue' || mail.urgent !== null) continue
          const goesOut = Math.max(now, mail.runAt)
          expect(goesOut).toBeGreaterThanOrEqual(last)
          last = goesOut
        }
      }
    })
  })

  it('a run takes at most a hundred steps', () => {
    everyMoment(({ before, after, input }) => {
      expect(after.stepSeq - before.stepSeq).toBeLessThanOrEqual(input.kind === 'capped' ? 101 : 100)
    })
  })

  it('a contact keeps its variant', () => {
    everyLife((past) => {
      const all = past.flatMap(({ effects }) => effects)
      const assigned = all.flatMap((effect) => (effect.kind === 'assign' ? [effect] : []))
      const named = assigned.filter(({ variant }) => variant !== 'holdout').map(({ experiment }) => experiment)
      expect(new Set(named).size).toBe(named.length)
    })
  })

  it('a holdout gets no mail', () => {
    everyMoment(({ before, after, effects }) => {
      if (before.memory.holdout?.until !== null || after.memory.holdout === undefined) return
      expect(effects.filter(({ kind }) => kind === 'queue')).toEqual([])
    })
  })

  it('a pause of nothing changes nothing', () => {
    everyMoment(({ after, now, facts }, life) => {
      for (const missed of ['continue', 'skip', 'shift'] as const) {
        const nothing = { kind: 'resumed', missed, pausedAt: now, resumedAt: now } as const
        expect(answer(life, after, nothing, facts, now)).toEqual({ kind: 'done', enrolment: after, effects: [] })
        expect(answer(life, after, nothing, facts, now).enrolment).toBe(after)
      }
    })
  })

  it('moving to an identical version changes the number only, and remembers the one that was entered', () => {
    everyMoment(({ after, now }, { definition }) => {
      const to = { ...structuredClone(definition), version: 2, inFlight: 'migrate', successors: { x: null } } as const
      const migration = migrateEnrolment(after, { from: definition, to, sentSteps: ['a', 'b'], waitingSteps: [], now })
      if (after.state !== 'active') return expect(migration).toEqual({ outcome: 'stays', enrolment: after })
      const memory = { ...after.memory, enteredVersion: after.version }
      expect(migration).toEqual({ outcome: 'moves', enrolment: { ...after, version: 2, memory }, droppedSteps: [] })
    })
  })

  it('a migration leads to a step of the new version, or refuses', () => {
    fc.assert(
      fc.property(lives, lives, (life, other) => {
        const to = { ...other.definition, version: 2, inFlight: 'migrate' as const }
        for (const { after, now, facts } of moments(life)) {
          const migration = migrateEnrolment(after, { from: life.definition, to, sentSteps: ['a'], waitingSteps: [], now })
          if (migration.outcome !== 'moves') continue
          const { stepId } = migration.enrolment
          expect(stepId === null || to.steps[stepId] !== undefined).toBe(true)
          const woken = transition(to, migration.enrolment, { kind: 'wake' }, facts, now)
          if (woken.kind !== 'done') throw new Error('needs')
          expect(woken.enrolment.endReason).not.toBe('unknown-step')
          const mails = woken.effects.flatMap((effect) => (effect.kind === 'queue' ? [effect.stepId] : []))
          expect(mails).not.toContain('a')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the same life gives the same enrolment and effects, and changes nothing that it was given', () => {
    everyLife((past, life) => {
      let enrolment = frozen(entered(life.definition, life.start))
      frozen(life.definition)
      for (const { input, facts, now, after, effects } of past) {
        const again = answer(life, enrolment, frozen(input), facts, now)
        expect(again).toEqual({ kind: 'done', enrolment: after, effects })
        enrolment = frozen(again.enrolment)
      }
    })
  })

  it('asks for each fact once, and answers the same as with all facts from the start', () => {
    everyMoment(({ before, input, now, facts, after, effects }, { definition }) => {
      const known = new Set<string>()
      const lazy = lazyFacts(facts, known)
      let result = transition(definition, before, input, lazy, now)
      for (let round = 0; result.kind === 'needs' && round < 50; round += 1) {
        const keys = result.needs.map(keyOf)
        expect(keys.length).toBeGreaterThan(0)
        expect(keys.filter((key) => known.has(key))).toEqual([])
        expect(new Set(keys).size).toBe(keys.length)
        for (const key of keys) known.add(key)
        result = transition(definition, before, input, lazy, now)
      }
      expect(result).toEqual({ kind: 'done', enrolment: after, effects })
    })
  })

  it('comes to every kind of step, effect and end', () => {
    const seen = new Set<string>()
    for (const life of fc.sample(lives, { numRuns: 1_500, seed: 20260105 })) {
      for (const { after, effects } of moments(life)) {
        if (after.stepId !== null) seen.add(`at ${life.definition.steps[after.stepId]?.kind}`)
        if (after.endReason !== null) seen.add(`${after.state} ${after.endReason}`)
        for (const effect of effects) seen.add(effect.kind === 'skip' ? `skip ${effect.reason}` : effect.kind)
        for (const key of Object.keys(after.memory)) seen.add(`memory ${key}`)
      }
    }
    const expected = [
      ...['queue', 'dropQueued', 'update', 'assign', 'call', 'enter'],
      ...['skip late', 'skip past', 'skip no-anchor', 'skip paused', 'skip holdout'],
      ...['at wait', 'at wait-for', 'at call'],
      ...['exited goal', 'exited segment:vips', 'exited event:order.placed', 'exited late', 'exited past', 'exited no-anchor'],
      ...['failed step-limit'],
      ...['memory due', 'memory heard', 'memory holdout', 'memory lastSendSeq', 'memory shift', 'memory skipBefore'],
      'memory skipping',
    ]
    expect(expected.filter((one) => !seen.has(one))).toEqual([])
  })
})

const keyOf = (need: Need) => JSON.stringify(need)
const lazyFacts = (facts: TransitionFacts, known: ReadonlySet<string>): TransitionFacts => {
  const has = (need: Need) => known.has(keyOf(need))
  return {
    ...facts,
    matches: (segment) => (has({ kind: 'segment', segment }) ? facts.matches(segment) : undefined),
    changesAt: (segment) => (has({ kind: 'segment', segment }) ? facts.changesAt(segment) : undefined),
    events: (event) => (has({ kind: 'events', event }) ? facts.events(event) : undefined),
    fate: (step) => (has({ kind: 'fate', step }) ? facts.fate(step) : undefined),
    variant: (experiment) => (has({ kind: 'variant', experiment }) ? facts.variant(experiment) : undefined),
  }
}
