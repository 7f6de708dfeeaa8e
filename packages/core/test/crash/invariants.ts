import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import { capBucket } from '../../src/domain/time/cap-bucket.ts'
import { hour, minute } from '../../src/domain/time/instant.ts'
import { labelsOf } from './labels.ts'
import type { Rows } from './rows.ts'
import type { Scene } from './scene.ts'
import { differences, type Snapshot, type Times } from './snapshot.ts'
import type { HandOver, Witness } from './witness.ts'

/** A world that has come to rest, and how it got there. */
export interface Ending {
  readonly scene: Scene
  readonly rows: Rows
  readonly snapshot: Snapshot
  readonly times: Times
  readonly witness: Witness
  /** The same world undisturbed. */
  readonly expected: { readonly snapshot: Snapshot; readonly times: Times }
  /** Ids of mail whose hand-over had begun when the process was interrupted: nobody knows whether it arrived. */
  readonly ambiguous: ReadonlySet<string>
  readonly nextDueAt: number | null
  readonly now: number
  readonly said: readonly string[]
}

/** Design §6 by name: each answers what is wrong, one line each. */
export const invariants: { readonly [name: string]: (ending: Ending) => string[] } = {
  'at most one call a mark': ({ witness: { handOvers } }) => {
    const unmarked = handOvers.filter(({ markedAt }) => markedAt < 0)
    const byMark = Map.groupBy(handOvers, ({ messageId, token }) => `${messageId} ${token}`)
    return [
      ...unmarked.map(({ to }) => `a mail to ${to} was handed over without a mark`),
      ...[...byMark.values()]
        .filter((all) => all.length > 1)
        .map(([one]) => `a mail to ${one?.to} was handed over twice under one mark`),
    ]
  },

  'no call after one that may have arrived, unless the policy is to send again': ({ rows, witness: { handOvers, facts } }) => {
    const messages = new Map(rows.messages.map((message) => [message.id, message]))
    /** Copies of transactional mail are mail of their own. */
    const mailOf = ({ messageId }: HandOver) => {
      const message = messages.get(messageId)
      return message?.purpose === 'marketing' ? message.idemKey.replace(/:r\d+$/, '') : messageId
    }
    const isPutBack = ({ messageId, token }: HandOver) =>
      facts.some((fact) => fact.kind === 'put back' && fact.messageId === messageId && fact.token === token)
    return [...Map.groupBy(handOvers, mailOf).values()].flatMap((calls) =>
      calls.slice(0, -1).some((call) => call.result.kind !== 'transient' || !isPutBack(call))
        ? [`a mail to ${calls[0]?.to} was handed over ${calls.length} times`]
        : [],
    )
  },

  'every message ends in a terminal or unknown state': ({ rows: { messages, waiting, claims, marked } }) => [
    ...messages.filter(({ state }) => state === 'queued').map(({ stepId }) => `the mail of ${stepId} is queued still`),
    ...[...waiting, ...claims].map(({ messageId }) => `${messageId} waits in the queue`),
    ...marked.map((id) => `${id} is marked still`),
  ],

  'a message says what became of it': ({ rows: { messages }, witness: { handOvers } }) =>
    messages.flatMap(({ id, state, stepId }) => {
      const last = handOvers.findLast(({ messageId }) => messageId === id)?.result.kind
      const truth = { accepted: ['sent', 'unknown'], rejected: ['failed', 'unknown'], ambiguous: ['unknown'] } as const
      const isTrue = last === undefined || last === 'transient' ? state !== 'sent' : truth[last].some((one) => one === state)
      return isTrue ? [] : [`the mail of ${stepId} is ${state}, and the other side said ${last}`]
    }),

  'no call whose mark committed after an unsubscribe': ({ witness: { handOvers, facts }, rows }) =>
    handOvers.flatMap(({ markedAt, messageId, to }) => {
      const mark = facts[markedAt]
      const isMarketing = rows.messages.some(({ id, purpose }) => id === messageId && purpose === 'marketing')
      const hasLeft = facts
        .slice(0, markedAt)
        .some((fact) => fact.kind === 'withdrawn' && mark?.kind === 'marked' && fact.contactId === mark.contactId)
      return isMarketing && hasLeft ? [`${to} was written to after leaving`] : []
    }),

  'caps hold': ({ scene, witness: { handOvers }, rows }) => {
    const marketing = new Set(rows.messages.filter(({ purpose }) => purpose === 'marketing').map(({ id }) => id))
    const kept = handOvers.filter(({ messageId, result }) => marketing.has(messageId) && /accepted|ambiguous/.test(result.kind))
    const caps = scene.releases.flatMap((code) => code.caps ?? [])
    return caps.flatMap(({ per, limit }) =>
      [...Map.groupBy(kept, ({ to, startedAt }) => `${to} in ${capBucket(per, startedAt, 'Asia/Tokyo')}`)].flatMap(
        ([who, all]) => (all.length > limit ? [`${who} got ${all.length}`] : []),
      ),
    )
  },

  /** But whose last mail was put off is in its scenario until that goes out. */
  'stepSeq grows and terminal states absorb': ({ witness: { facts }, rows: { messages } }) => {
    const lives = Map.groupBy(
      facts.flatMap((fact) => (fact.kind === 'enrolment' ? [fact.enrolment] : [])),
      ({ id }) => id,
    )
    const putBack = new Set(facts.flatMap((fact) => (fact.kind === 'put back' ? [fact.messageId] : [])))
    const postponed = new Set(messages.filter(({ id }) => putBack.has(id)).map(({ enrolmentId }) => enrolmentId))
    return [...lives.values()].flatMap((life) =>
      life.slice(1).flatMap((after, index) => {
        const before = life[index]
        if (before === undefined || isOrdered(before, after)) return []
        const isBack = before.state === 'completed' && after.stepId === null && after.stepSeq === before.stepSeq
        return isBack && postponed.has(after.id) ? [] : [`${after.scenario} went from ${told(before)} to ${told(after)}`]
      }),
    )
  },

  'nothing goes out while its scenario is paused': ({ witness: { facts }, rows: { messages } }) => {
    const paused = new Set<string>()
    return facts.flatMap((fact) => {
      if (fact.kind === 'scenario') {
        if (fact.row.state === 'paused') paused.add(fact.row.name)
        else paused.delete(fact.row.name)
      }
      const scenario = fact.kind === 'marked' ? messages.find(({ id }) => id === fact.messageId)?.scenario : null
      return paused.has(scenario ?? '') ? [`mail of ${scenario} was marked`] : []
    })
  },

  'nothing outside its window': ({ scene: { opens }, witness: { handOvers } }) =>
    handOvers.flatMap(({ to, startedAt }) => {
      const hourOfDay = ((startedAt + 9 * hour) / hour) % 24
      const isIn = opens === undefined || (hourOfDay >= opens.from && hourOfDay < opens.to)
      return isIn ? [] : [`${to} was written to at ${hourOfDay} o'clock`]
    }),

  'events told again give the same entries': ({ snapshot, expected }) =>
    differences(subjects(snapshot, 'enrolment '), subjects(expected.snapshot, 'enrolment ')),

  'same contact, same variant': ({ witness: { facts }, rows: { assignments } }) =>
    facts.flatMap((fact) => {
      if (fact.kind !== 'assigned') return []
      const { experiment, contactId, variant } = fact.assignment
      const stored = assignments.find((row) => row.experiment === experiment && row.contactId === contactId)
      return stored === undefined || stored.variant === variant ? [] : [`${contactId} was ${variant} and is ${stored.variant}`]
    }),

  'handlers are called at least once, and not after they were done': ({ witness: { handled, facts } }) =>
    handled.flatMap(({ idemKey, after }) =>
      facts.slice(0, after).some((fact) => fact.kind === 'call ended' && fact.idemKey === idemKey)
        ? [`${idemKey} was called after it had ended`]
        : [],
    ),

  'once faults stop, all due work drains': ({ rows, nextDueAt, now, said }) => [
    ...rows.inbox.map(({ kind, name }) => `${kind} ${name} waits in the inbox`),
    ...rows.setAside.map(({ kind, name }) => `${kind} ${name} was set aside`),
    ...rows.calls.filter(({ state }) => state === 'waiting').map(({ idemKey }) => `the call ${idemKey} waits`),
    ...rows.jobs.filter(({ state }) => state === 'running').map(({ id }) => `the job ${id} runs`),
    ...rows.watches.filter(({ state }) => state === 'filling').map(({ key }) => `the watch ${key} is filling`),
    ...(nextDueAt !== null && nextDueAt <= now ? ['something is due'] : []),
    ...said,
  ],

  'the end is that of the undisturbed world': (ending) => {
    const isOpen = openIn(ending)
    return differences(ending.snapshot, ending.expected.snapshot).filter((line) => !isOpen(line.slice(0, line.indexOf('\n'))))
  },

  'nothing is later than leases and standing still make it': (ending) => {
    const isOpen = openIn(ending)
    return [...ending.times].flatMap(([subject, times]) =>
      Object.entries(times).flatMap(([what, at]) => {
        const expectedAt = ending.expected.times.get(subject)?.[what]
        const isOnTime = at === null || expectedAt == null || Math.abs(at - expectedAt) <= longestDelay
        return isOnTime || isOpen(subject) ? [] : [`${what} of ${subject} is ${(at - expectedAt) / hour} hours off`]
      }),
    )
  },
}

/** A call's lease and a process that stood still for ten minutes. */
const longestDelay = 15 * minute

/** What follows from a mail of which nobody knows whether it arrived, or is left to who comes first. */
const openIn = ({ scene, rows, witness, snapshot, ambiguous }: Ending): ((subject: string) => boolean) => {
  const labels = labelsOf(rows, witness)
  const names = new Set([...ambiguous].map((id) => labels.get(id)))
  return (subject) =>
    names.has(subject.replace(/^message /, '').replace(/:r1$/, '')) ||
    scene.isOpen?.(subject, { snapshot, isAmbiguous: names.size > 0 }) === true
}

const subjects = (snapshot: Snapshot, prefix: string): Snapshot =>
  new Map([...snapshot].filter(([subject]) => subject.startsWith(prefix)).map(([subject]) => [subject, '']))

const isOrdered = (before: Enrolment, after: Enrolment): boolean => {
  if (after.stepSeq < before.stepSeq || after.rev < before.rev) return false
  return before.state === 'active' || (after.state === before.state && after.stepSeq === before.stepSeq)
}

const told = ({ state, stepSeq, rev }: Enrolment): string => `${state} ${stepSeq} (${rev})`

/** Every broken invariant with what is wrong. */
export const violations = (ending: Ending): string[] =>
  Object.entries(invariants).flatMap(([name, broken]) => broken(ending).map((line) => `${name}: ${line}`))
