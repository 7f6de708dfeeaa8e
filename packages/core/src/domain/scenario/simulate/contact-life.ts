import { TobiishiError } from '../../../errors/index.ts'
import type { JsonObject } from '../../json.ts'
import { evaluateSegment, type SegmentMessage } from '../../segment/evaluate-segment.ts'
import type { Instant } from '../../time/instant.ts'
import { nextOccurrence } from '../../time/next-occurrence.ts'
import { applyUpdate } from '../apply-update.ts'
import type { Effect, Enrolment } from '../enrolment.ts'
import { entryKeyOf } from '../reentry.ts'
import type { EventMatch } from '../scenario-definition.ts'
import { transition } from '../transition.ts'
import type { MailFate, TransitionInput } from '../transition-contract.ts'
import { Agenda } from './agenda.ts'
import { type ContactState, factsAt, isMember, memberChangesAt, type Surroundings } from './contact-facts.ts'
import type { Happening, SimulatedContact, SimulatedOutcome } from './script.ts'
import { takenBack } from './take-back.ts'

type QueueEffect = Extract<Effect, { kind: 'queue' }>

/** An enrolment of the simulation with what became of its mail. */
interface Run {
  enrolment: Enrolment
  readonly fates: Map<string, MailFate>
  /** Queued and not out yet. */
  readonly waiting: Set<QueueEffect>
  /** Where `ContactState.messages` holds the mail of a step. */
  readonly noted: Map<string, number>
}

type Turn =
  | { readonly kind: 'happening'; readonly happening: Happening }
  | { readonly kind: 'wake'; readonly run: Run }
  | { readonly kind: 'leaves'; readonly run: Run; readonly mail: QueueEffect }
  | { readonly kind: 'reacts'; readonly run: Run; readonly step: string; readonly change: Partial<MailFate> }
  | { readonly kind: 'answered'; readonly run: Run; readonly stepSeq: number; readonly ok: boolean }
  | { readonly kind: 'enters'; readonly key: string; readonly event: JsonObject; readonly depth: number }
  /** The date of the trigger, or a segment's window; void where a later change has replaced it. */
  | { readonly kind: 'date'; readonly key: string; readonly change: number }
  | { readonly kind: 'look'; readonly change: number }

/** Something that starts the scenario, if re-entry lets it. */
interface Entry {
  readonly id: string
  readonly event: JsonObject
  readonly step: string | null
  readonly isDate?: boolean
  /** As of an enrolment. Default 0. */
  readonly depth?: number
}

/** As in the engine: entries of which each led to the next at once. */
const longestChain = 20

/** So much may follow at one instant from one thing that happens; more never comes to an end. */
const mostTurnsAtOnce = 10_000

const unread: Omit<MailFate, 'state'> = { deliveredAt: null, openedAt: null, clickedAt: null, bouncedAt: null, links: [] }

/** What a life leaves to be told. */
export interface LivedLife {
  readonly mails: readonly SimulatedOutcome[]
  readonly enrolments: readonly Enrolment[]
  readonly variants: ReadonlyMap<string, string>
  readonly wentTo: readonly string[]
}

/** One contact's way through a simulation, from one thing that happens to the next. */
export class ContactLife {
  readonly #world: Surroundings
  readonly #state: ContactState
  readonly #agenda = new Agenda<Turn>()
  readonly #runs: Run[] = []
  readonly #mails: SimulatedOutcome[] = []
  readonly #wentTo: string[] = []
  #isMember = false
  #change = 0
  #sent = 0

  constructor(world: Surroundings, contact: SimulatedContact) {
    this.#world = world
    const { from } = world.options
    const happenings = (contact.happenings ?? []).toSorted((a, b) => a.at - b.at)
    const history = happenings.filter(({ at }) => at < from)
    this.#state = {
      id: contact.id,
      timeZone: contact.timeZone ?? world.appZone,
      attributes: history.reduce(
        (all, one) => ('attributes' in one ? merged(all, one.attributes) : all),
        contact.attributes ?? {},
      ),
      events: history.flatMap((one) =>
        'event' in one && typeof one.event === 'string' ? [eventOf(one.at, one.event, one.payload)] : [],
      ),
      messages: [],
      variants: new Map(),
    }
    for (const happening of happenings) if (happening.at >= from) this.#agenda.add(happening.at, { kind: 'happening', happening })
    this.#isMember = this.#inTrigger(from)
    this.#watch(from)
  }

  live(): LivedLife {
    const { from, days } = this.#world.options
    const until = from + days * 86_400_000
    let left = mostTurnsAtOnce
    let last: Instant | null = null
    for (let next = this.#agenda.take(until); next !== null; next = this.#agenda.take(until)) {
      if (next.at !== last) left = mostTurnsAtOnce
      left += next.item.kind === 'happening' ? mostTurnsAtOnce : -1
      last = next.at
      if (left < 0) throw this.#endless(next.at)
      this.#turn(next.item, next.at)
    }
    const enrolments = this.#runs.map(({ enrolment }) => enrolment)
    return { mails: this.#mails, enrolments, variants: this.#state.variants, wentTo: this.#wentTo }
  }

  #endless(now: Instant): TobiishiError {
    const steps = [...new Set(this.#runs.flatMap(({ enrolment: { stepId } }) => stepId ?? []))].join(', ')
    const { name } = this.#world.definition
    return new TobiishiError(
      'scenario.invalid',
      `Scenario ${name} goes round without end at ${new Date(now).toISOString()}, at ${steps}: put a wait into the loop. check() tells more.`,
    )
  }

  #turn(turn: Turn, now: Instant): void {
    if (turn.kind === 'happening') this.#happen(turn.happening, now)
    else if (turn.kind === 'leaves') this.#leave(turn.run, turn.mail, now)
    else if (turn.kind === 'reacts') this.#react(turn, now)
    else if (turn.kind === 'answered') this.#feed(turn.run, { kind: 'result', stepSeq: turn.stepSeq, ok: turn.ok }, now)
    else if (turn.kind === 'enters') this.#enterBy({ id: turn.key, event: turn.event, step: null, depth: turn.depth }, now)
    else if (turn.kind === 'wake') {
      if (turn.run.enrolment.wakeAt === now) this.#feed(turn.run, { kind: 'wake' }, now)
    } else if (turn.change === this.#change) {
      if (turn.kind === 'look') this.#changed(now)
      else {
        this.#enterBy({ id: turn.key, event: {}, step: null, isDate: true }, now)
        this.#watch(now)
      }
    }
  }

  #happen(happening: Happening, now: Instant): void {
    if ('enrol' in happening) {
      const { event = {}, step = null } = happening.enrol
      this.#enterBy({ id: 'once', event, step }, now)
      return
    }
    if ('attributes' in happening) this.#setAttributes(merged(this.#state.attributes, happening.attributes), now)
    else this.#track(happening.event, happening.payload ?? {}, now)
    this.#changed(now)
  }

  /** Mail that waits for a date which has changed is taken back. */
  #setAttributes(attributes: JsonObject, now: Instant): void {
    this.#state.attributes = attributes
    const { definition } = this.#world
    for (const run of this.#runs) {
      const facts = factsAt(this.#world, this.#state, run.fates, now)
      const back = takenBack(run, { definition, facts, now })
      if (back === null) continue
      run.enrolment = back.enrolment
      for (const mail of back.mails) {
        run.waiting.delete(mail)
        run.fates.set(mail.stepId, { state: 'skipped', ...unread })
        this.#tell(mail.stepId, mail.template, now, 'date-changed')
      }
      this.#agenda.add(now, { kind: 'wake', run })
    }
  }

  #track(event: string, payload: JsonObject, now: Instant): void {
    this.#state.events.push(eventOf(now, event, payload))
    for (const run of [...this.#runs]) this.#feed(run, { kind: 'event', event, occurredAt: now, payload }, now)
    const { trigger } = this.#world.definition
    if (trigger?.kind === 'event' && isMatch(trigger, event, payload, now))
      this.#enterBy({ id: `event-${this.#state.events.length}`, event: payload, step: null }, now)
  }

  /** Attributes, events or time have changed something: waits are looked at, the trigger's segment and date too. */
  #changed(now: Instant): void {
    for (const run of [...this.#runs]) this.#feed(run, { kind: 'look' }, now)
    const { trigger } = this.#world.definition
    if (trigger?.kind === 'segment') {
      const isIn = this.#inTrigger(now)
      if (isIn !== this.#isMember && isIn === (trigger.on === 'entry'))
        this.#enterBy({ id: `${isIn ? 'in' : 'out'}:${now}`, event: {}, step: null }, now)
      this.#isMember = isIn
    }
    this.#watch(now)
  }

  #inTrigger(now: Instant): boolean {
    const { trigger } = this.#world.definition
    return trigger?.kind === 'segment' && isMember(this.#world, this.#state, trigger.segment, now)
  }

  /** Notes when the trigger has to be looked at next. */
  #watch(now: Instant): void {
    const { trigger } = this.#world.definition
    this.#change += 1
    if (trigger?.kind === 'segment') {
      const at = memberChangesAt(this.#world, this.#state, trigger.segment, now)
      if (at !== null) this.#agenda.add(at, { kind: 'look', change: this.#change })
    }
    if (trigger?.kind !== 'date') return
    const value = this.#state.attributes[trigger.attribute]
    const next = typeof value === 'string' ? nextOccurrence(trigger, value, this.#state.timeZone, now) : null
    if (next !== null) this.#agenda.add(next.at, { kind: 'date', key: next.date, change: this.#change })
  }

  #enterBy(entry: Entry, now: Instant): void {
    const { id, isDate = false } = entry
    const earlier = this.#runs.map(({ enrolment }) => enrolment)
    const key = entryKeyOf(this.#world.definition.reentry, { key: id, occurredAt: now, isDate }, earlier)
    if (key !== null) this.#enter(key, entry, now)
  }

  #enter(key: string, { event, step, depth = 0 }: Entry, now: Instant): void {
    if (this.#runs.some(({ enrolment }) => enrolment.entryKey === key)) return
    const { definition } = this.#world
    const enrolment: Enrolment = {
      id: `${this.#state.id}:${this.#runs.length}`,
      scenario: definition.name,
      version: definition.version,
      contactId: this.#state.id,
      entryKey: key,
      state: 'active',
      stepId: step ?? definition.first,
      stepSeq: 0,
      rev: 0,
      wakeAt: now,
      wakeSpec: null,
      anchorAt: now,
      lastSendAt: null,
      event,
      enteredAt: now,
      endedAt: null,
      endReason: null,
      memory: {},
      pausesSeen: 0,
      depth,
    }
    const run: Run = { enrolment, fates: new Map(), waiting: new Set(), noted: new Map() }
    this.#runs.push(run)
    this.#feed(run, { kind: 'enter' }, now)
  }

  #feed(run: Run, input: TransitionInput, now: Instant): void {
    if (run.enrolment.state !== 'active') return
    const before = run.enrolment
    const result = transition(this.#world.definition, before, input, factsAt(this.#world, this.#state, run.fates, now), now)
    if (result.kind === 'needs') throw new Error('a simulation knows every fact')
    run.enrolment = result.enrolment
    for (const effect of result.effects) this.#carryOut(run, effect, now)
    const { wakeAt, state } = run.enrolment
    const hasChanged = run.enrolment !== before && state === 'active'
    if (hasChanged && wakeAt !== null) this.#agenda.add(Math.max(now, wakeAt), { kind: 'wake', run })
    if (hasChanged && wakeAt !== null && wakeAt < now) run.enrolment = { ...run.enrolment, wakeAt: now }
  }

  #carryOut(run: Run, effect: Effect, now: Instant): void {
    switch (effect.kind) {
      case 'queue':
        run.waiting.add(effect)
        run.fates.set(effect.stepId, { state: 'queued', ...unread })
        this.#agenda.add(Math.max(now, effect.runAt), { kind: 'leaves', run, mail: effect })
        return
      case 'skip':
        run.fates.set(effect.stepId, { state: 'skipped', ...unread })
        this.#tell(effect.stepId, effect.template, now, effect.reason)
        return
      case 'dropQueued':
        for (const mail of run.waiting) this.#tell(mail.stepId, mail.template, now, 'exited')
        run.waiting.clear()
        return
      case 'update':
        this.#setAttributes(applyUpdate(this.#state.attributes, effect), now)
        for (const other of this.#runs) if (other !== run) this.#feed(other, { kind: 'look' }, now)
        return
      case 'assign':
        this.#state.variants.set(effect.experiment, effect.variant)
        return
      case 'call': {
        const { ok, after = 0 } = this.#world.options.answers?.({ contactId: this.#state.id, step: effect.stepId }) ?? {
          ok: true,
        }
        if (effect.waits) this.#agenda.add(now + after, { kind: 'answered', run, stepSeq: effect.stepSeq, ok })
        return
      }
      case 'enter':
        this.#wentTo.push(effect.scenario)
        if (effect.scenario === this.#world.definition.name && run.enrolment.depth < longestChain)
          this.#agenda.add(now, { kind: 'enters', key: effect.key, event: effect.event, depth: run.enrolment.depth + 1 })
    }
  }

  #tell(step: string, template: string, at: Instant, skipped: string | null): void {
    this.#mails.push({ contactId: this.#state.id, step, template, at, skipped })
  }

  #leave(run: Run, mail: QueueEffect, now: Instant): void {
    if (!run.waiting.delete(mail)) return
    const nth = this.#sent
    this.#sent += 1
    this.#tell(mail.stepId, mail.template, now, null)
    this.#note(run, mail.stepId, { sentAt: now })
    run.fates.set(mail.stepId, { state: 'sent', ...unread, deliveredAt: now })
    if (this.#world.asksWhoWasSent) this.#changed(now)
    const { stepId: step, template, props } = mail
    const reaction = this.#world.options.reacts?.({ contactId: this.#state.id, step, template, props, at: now, nth }) ?? {}
    const { opensAfter, clicksAfter, link = 1, bounces = false } = reaction
    if (bounces) this.#agenda.add(now, { kind: 'reacts', run, step, change: { bouncedAt: now, deliveredAt: null } })
    if (opensAfter !== undefined)
      this.#agenda.add(now + opensAfter, { kind: 'reacts', run, step, change: { openedAt: now + opensAfter } })
    if (clicksAfter === undefined) return
    const clickedAt = now + clicksAfter
    // Of a click by address the number is not known: it is none that a condition can ask for.
    const links = [typeof link === 'number' ? { link, url: null } : { link: -1, url: link }]
    this.#agenda.add(clickedAt, { kind: 'reacts', run, step, change: { clickedAt, links } })
  }

  #react({ run, step, change }: Extract<Turn, { kind: 'reacts' }>, now: Instant): void {
    const fate = run.fates.get(step)
    if (fate === undefined) return
    const openedAt = fate.openedAt ?? change.openedAt ?? change.clickedAt ?? null
    run.fates.set(step, { ...fate, ...change, openedAt, links: [...fate.links, ...(change.links ?? [])] })
    this.#note(run, step, { openedAt, clickedAt: fate.clickedAt ?? change.clickedAt ?? null })
    this.#changed(now)
  }

  /** Keeps what segments ask about a mail: one row a run and step. */
  #note(run: Run, stepId: string, change: Partial<SegmentMessage>): void {
    const scenario = this.#world.definition.name
    const place = run.noted.get(stepId) ?? this.#state.messages.length
    run.noted.set(stepId, place)
    const before = this.#state.messages[place] ?? { scenario, stepId, sentAt: null, openedAt: null, clickedAt: null }
    this.#state.messages[place] = { ...before, ...change }
  }
}

const eventOf = (occurredAt: Instant, name: string, payload: JsonObject = {}) => ({ name, payload, occurredAt })

/** `null` clears an attribute. */
const merged = (before: JsonObject, change: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null))

const isMatch = (trigger: EventMatch, event: string, payload: JsonObject, now: Instant): boolean =>
  trigger.event === event &&
  (trigger.where === null || evaluateSegment({ tree: trigger.where, now, today: '1970-01-01' }, { attributes: payload }, []))
