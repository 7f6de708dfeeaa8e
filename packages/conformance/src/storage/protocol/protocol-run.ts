import type { ClaimedMail, FinishRequest, Message, Storage } from '@tobiishi/core/ports'
import { aContact, aMessage, aQueueEntry, start } from '../../fixtures/rows.ts'
import type { Expect } from '../../test-runner.ts'
import { doneOf, markOf, minute, retryOf } from '../queue-world.ts'
import { type Call, CallLog } from './call-log.ts'
import { CapLog } from './cap-log.ts'
import type { ProtocolCommand, WorkerName } from './command.ts'

type Outcome = 'sent' | 'failed' | 'unknown' | 'retry'

const lease = minute
const contactIds = ['c0', 'c1', 'c2'] as const
const broadcastId = 'b1'
const hour = 60 * minute
/** So many mails to a contact an hour, by the clock. */
const limit = 1
const cap = 'hourly'

/** What a worker holds in memory: lost when it crashes. */
interface Hands {
  claims: ClaimedMail[]
  calls: Call[]
}

/** Plays commands against a storage as workers would, and lets the `CallLog` check every answer. */
export class ProtocolRun {
  readonly #connections: readonly [Storage<unknown>, Storage<unknown>]
  readonly #expect: Expect
  readonly #log: CallLog
  readonly #caps: CapLog
  readonly #workers: Record<WorkerName, Hands> = {
    0: { claims: [], calls: [] },
    1: { claims: [], calls: [] },
    2: { claims: [], calls: [] },
  }
  readonly #finished: Call[] = []
  readonly #messages = new Map<string, Message>()
  #now = start
  #made = 0

  constructor(connections: readonly [Storage<unknown>, Storage<unknown>], expect: Expect) {
    this.#connections = connections
    this.#expect = expect
    this.#log = new CallLog(expect)
    this.#caps = new CapLog(expect, limit)
  }

  async run(command: ProtocolCommand): Promise<void> {
    await this.#play(command)
    await this.#checkCaps()
  }

  async #play(command: ProtocolCommand): Promise<void> {
    switch (command.kind) {
      case 'enqueue':
        return this.#enqueue(command)
      case 'claim':
        return this.#claim(command.worker, command.limit)
      case 'claim together':
        await Promise.all([this.#claim(0, 2), this.#claim(1, 2)])
        return
      case 'mark':
        return this.#mark(command.worker)
      case 'mark together':
        await Promise.all([this.#mark(0), this.#mark(1)])
        return
      case 'finish':
        return this.#finish(command.worker, command.outcome)
      case 'finish again':
        return this.#send(this.#finished.slice(-3), command.outcome)
      case 'release':
        return this.#release(command.worker)
      case 'crash':
        this.#workers[command.worker] = { claims: [], calls: [] }
        return
      case 'reap':
        return this.#reap()
      case 'withdraw':
        return this.#withdraw(contactIds[command.contact] ?? 'c0')
      case 'drop':
        return this.#drop()
      case 'pass':
        this.#now += command.ms
        return
    }
  }

  /** Once faults stop, all due work drains: every message has ended and the queue is empty. */
  async drain(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      this.#now += hour
      await this.#reap()
      await this.#claim(0, 100)
      if (this.#workers[0].claims.length === 0) break
      await this.#mark(0)
      await this.#finish(0, 'sent')
    }
    const [storage] = this.#connections
    this.#expect(await storage.read((reader) => reader.queue.depth())).toBe(0)
    const rows = await storage.read((reader) => reader.messages.get([...this.#messages.keys()]))
    const states = rows.map((row) => [row.id, row.state]).toSorted()
    this.#expect(states).toEqual([...this.#messages.keys()].map((id) => [id, this.#log.endOf(id)]).toSorted())
    for (const row of rows) this.#expect(row.finishedAt === null, `${row.id} has no time of its end`).toBe(false)
  }

  #connection(worker: WorkerName): Storage<unknown> {
    return worker === 1 ? this.#connections[1] : this.#connections[0]
  }

  /** Mail 0–8, three a contact; the odd ones belong to a broadcast. Enqueueing one again must do nothing, whatever became of it. */
  async #enqueue({ mail, shortLived }: { readonly mail: number; readonly shortLived: boolean }): Promise<void> {
    const contactId = contactIds[mail % contactIds.length] ?? 'c0'
    const idemKey = `key-${mail}`
    const id = `m${this.#made++}`
    const message = aMessage({ id, contactId, idemKey, broadcastId: mail % 2 === 1 ? broadcastId : null })
    const queue = { runAt: this.#now, expiresAt: this.#now + (shortLived ? 2 : 2_000) * hour, lane: mail }
    const added = await this.#connections[0].transaction(function* (tx) {
      yield* tx.contacts.ensure([aContact({ id: contactId })], start)
      return yield* tx.messages.enqueue([{ message, queue: aQueueEntry(message, queue) }])
    })
    const isNew = [...this.#messages.values()].every((other) => other.idemKey !== idemKey)
    this.#expect(added, `${idemKey} queued ${isNew ? 'first' : 'again'}`).toBe(isNew ? 1 : 0)
    if (isNew) this.#messages.set(id, message)
  }

  async #claim(worker: WorkerName, limit: number): Promise<void> {
    const options = { now: this.#now, limit, leaseUntil: this.#now + lease, owner: `w${worker}` }
    const claims = await this.#connection(worker).transaction((tx) => tx.queue.claim(options))
    for (const claim of claims) this.#log.claimed(claim)
    this.#workers[worker].claims.push(...claims)
  }

  async #mark(worker: WorkerName): Promise<void> {
    const hands = this.#workers[worker]
    const claims = hands.claims
    hands.claims = []
    const place = { cap, bucket: `hour ${Math.floor(this.#now / hour)}` }
    const asked = claims.map((claim) => ({ ...markOf(claim), caps: [{ ...place, limit }] }))
    const options = { now: this.#now, leaseUntil: this.#now + lease }
    const answers = await this.#connection(worker).transaction((tx) => tx.queue.mark(asked, options))
    this.#expect(answers.length).toBe(claims.length)
    claims.forEach((claim, n) => {
      const answer = answers[n]
      if (answer === 'expired') this.#log.skipped(claim.message.id)
      if (answer !== 'marked') return
      this.#log.called(claim)
      this.#caps.reserved(claim.message.id, { contactId: claim.contact.id, ...place })
      hands.calls.push({ messageId: claim.message.id, token: claim.token })
    })
    // Of two who marked at once, one may have written down its answers first: what is full is looked at when both have.
    claims.forEach((claim, n) => {
      if (answers[n] === 'capped') this.#caps.wasFull({ contactId: claim.contact.id, ...place })
    })
  }

  async #finish(worker: WorkerName, outcome: Outcome): Promise<void> {
    const { calls } = this.#workers[worker]
    this.#workers[worker].calls = []
    await this.#send(calls, outcome)
    this.#finished.push(...calls)
  }

  async #send(calls: readonly Call[], outcome: Outcome): Promise<void> {
    const requests = calls.map((call): FinishRequest => {
      if (outcome === 'retry') return retryOf(call, this.#now + minute)
      return doneOf(call, { state: outcome, reason: outcome === 'sent' ? null : 'because' })
    })
    const answers = await this.#connections[0].transaction((tx) => tx.queue.finish(requests, this.#now))
    this.#expect(answers.length).toBe(calls.length)
    for (const [n, call] of calls.entries()) {
      const tookEffect = answers[n] ?? false
      this.#log.finished(call, outcome, tookEffect)
      if (tookEffect && (outcome === 'failed' || outcome === 'retry')) this.#caps.givenBack(call.messageId)
    }
  }

  async #release(worker: WorkerName): Promise<void> {
    const claims = this.#workers[worker].claims.map((claim) => ({ messageId: claim.message.id, token: claim.token }))
    await this.#connection(worker).transaction((tx) => tx.queue.release(claims))
  }

  async #reap(): Promise<void> {
    const reaped = await this.#connections[1].transaction((tx) => tx.queue.reap({ now: this.#now, limit: 100 }))
    for (const message of reaped) {
      this.#expect(this.#log.isOpen(message.id), `${message.id} was reaped without a call under way`).toBe(true)
      this.#log.ambiguous({ messageId: message.id, token: message.unknownToken ?? -1 })
    }
  }

  async #withdraw(contactId: string): Promise<void> {
    await this.#connections[0].transaction(function* (tx) {
      for (const contact of yield* tx.contacts.lock([contactId], { skipLocked: false })) {
        yield* tx.contacts.save([{ ...contact, consentRev: contact.consentRev + 1 }])
      }
    })
    const [row] = await this.#connections[0].read((reader) => reader.contacts.get([contactId]))
    if (row !== undefined) this.#log.withdrawn(contactId)
  }

  /** Cancels the broadcast: what is not marked is skipped, what is marked goes on. */
  async #drop(): Promise<void> {
    const ids = [...this.#messages.values()].filter((message) => message.broadcastId !== null).map((message) => message.id)
    const waiting = ids.filter((id) => this.#log.endOf(id) === undefined && !this.#log.isOpen(id))
    const dropped = await this.#connections[1].transaction((tx) =>
      tx.messages.dropQueued({ broadcastId }, 'cancelled', this.#now),
    )
    this.#expect(dropped, 'mail of a broadcast dropped').toBe(waiting.length)
    for (const id of waiting) this.#log.skipped(id)
  }

  /** What the storage counts is what marks took and nobody gave back. */
  async #checkCaps(): Promise<void> {
    const places = this.#caps.places()
    const counted = await this.#connections[0].read((reader) => reader.queue.capsUsed(places))
    this.#caps.check(counted)
  }
}
