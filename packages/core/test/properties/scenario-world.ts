import type { Effect, Enrolment } from '../../src/domain/scenario/enrolment.ts'
import { type TransitionFacts, type TransitionInput, transition } from '../../src/domain/scenario/transition.ts'
import type { MailFate, PastEvent } from '../../src/domain/scenario/transition-contract.ts'
import { day, hour } from '../../src/domain/time/instant.ts'
import { localDate } from '../../src/domain/time/local-date.ts'
import { entered } from '../fixtures/scenario-life.ts'
import type { Life } from './scenario-arbitrary.ts'

/** One input in a life, and what came of it. */
export interface Moment {
  readonly before: Enrolment
  readonly input: TransitionInput
  readonly now: number
  readonly facts: TransitionFacts
  /** What is known once the effects have been carried out. */
  readonly factsAfter: TransitionFacts
  readonly after: Enrolment
  readonly effects: readonly Effect[]
}

export const isHoliday = (date: string) => date.endsWith('-01')

const membership = ({ start, period, isMember }: Life, now: number) => {
  if (period === 0) return { isIn: isMember, changesAt: null }
  const turn = Math.floor((now - start) / period)
  return { isIn: isMember === (turn % 2 === 0), changesAt: start + (turn + 1) * period }
}

/** An effect that was carried out, and when. */
interface Done {
  readonly at: number
  readonly effect: Effect
}

const fateOf = ({ reaction }: Life, done: readonly Done[], step: string, now: number): MailFate | null => {
  const last = done.findLast(({ effect }) => (effect.kind === 'queue' || effect.kind === 'skip') && effect.stepId === step)
  if (last === undefined) return null
  const { effect: mail, at } = last
  const unread: MailFate = { state: 'skipped', deliveredAt: null, openedAt: null, clickedAt: null, bouncedAt: null, links: [] }
  if (mail.kind !== 'queue') return unread
  const sentAt = Math.max(mail.runAt, at)
  if (sentAt >= now) return { ...unread, state: 'queued' }
  const { opensAfter, clicksAfter, bounces } = reaction
  const after = (span: number | null) => (span === null || sentAt + span > now ? null : sentAt + span)
  const clickedAt = after(clicksAfter)
  return {
    state: 'sent',
    deliveredAt: bounces ? null : sentAt,
    bouncedAt: bounces ? sentAt : null,
    openedAt: after(opensAfter),
    clickedAt,
    links: clickedAt === null ? [] : [{ link: 1, url: 'https://shop.example.jp/' }],
  }
}

/** All facts of a life as of now; `heard` are its events so far. */
export const factsOf = (
  life: Life,
  now: number,
  heard: readonly (PastEvent & { readonly name: string })[],
  done: readonly Done[],
): TransitionFacts => {
  const [first, second] = life.renewsIn
  const renewsIn = now < life.start + life.changesDateAfter ? first : second
  const { isIn, changesAt } = membership(life, now)
  return {
    timeZone: life.zone,
    attributes: { renewsOn: localDate(life.start + renewsIn * day, life.zone) },
    quietHours: life.quietHours,
    isHoliday,
    purposeOf: (template) => (life.transactional.some((one) => one === template) ? 'transactional' : 'marketing'),
    matches: (segment) => (segment === 'vips' ? !isIn : isIn),
    changesAt: () => changesAt,
    events: (name) => heard.filter((event) => event.name === name).toReversed(),
    fate: (step) => fateOf(life, done, step, now),
    variant: (experiment) => {
      const first = done.find(({ effect }) => effect.kind === 'assign' && effect.experiment === experiment)
      return first?.effect.kind === 'assign' ? first.effect.variant : null
    },
  }
}

const inputOf = (life: Life, round: number, enrolment: Enrolment, now: number): TransitionInput => {
  const drawn = life.rounds[round]
  if (round === 0 || drawn === undefined) return { kind: 'enter' }
  const stepSeq = enrolment.memory.lastSendSeq ?? 0
  switch (drawn.happening) {
    case 'event':
      return { kind: 'event', event: drawn.event, occurredAt: now, payload: { total: drawn.total } }
    case 'result':
      return { kind: 'result', stepSeq: enrolment.stepSeq, ok: drawn.ok }
    case 'capped':
      return { kind: 'capped', stepSeq }
    case 'deferred':
      return { kind: 'deferred', stepSeq, plannedAt: Math.max(now, enrolment.lastSendAt ?? now) + 20 * hour }
    case 'resumed':
      return { kind: 'resumed', missed: drawn.missed, pausedAt: now - drawn.total * hour, resumedAt: now }
    case 'look':
      return { kind: 'look' }
    default:
      return { kind: 'wake' }
  }
}

/** Feeds one input and expects an answer: the facts are all there. */
export const answer = (life: Life, enrolment: Enrolment, input: TransitionInput, facts: TransitionFacts, now: number) => {
  const result = transition(life.definition, enrolment, input, facts, now)
  if (result.kind === 'needs') throw new Error('asked for a fact that was given')
  return result
}

/** Lives through a scenario with a worker that is late by turns. */
export const moments = (life: Life): Moment[] => {
  const past: Moment[] = []
  const heard: (PastEvent & { readonly name: string })[] = []
  const done: Done[] = []
  let enrolment = entered(life.definition, life.start)
  let now = life.start
  for (const [round, { happening, late }] of life.rounds.entries()) {
    const wakes = round === 0 || happening === 'wake'
    now = (wakes ? Math.max(now, enrolment.wakeAt ?? now) : now) + late
    const input = inputOf(life, round, enrolment, now)
    if (input.kind === 'event') heard.push({ name: input.event, occurredAt: now, payload: input.payload })
    const facts = factsOf(life, now, [...heard], [...done])
    const { enrolment: after, effects } = answer(life, enrolment, input, facts, now)
    done.push(...effects.map((effect) => ({ at: now, effect })))
    const factsAfter = factsOf(life, now, [...heard], [...done])
    past.push({ before: enrolment, input, now, facts, factsAfter, after, effects })
    enrolment = after
  }
  return past
}
