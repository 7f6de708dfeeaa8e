import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '@tobiishi/core'
import type { Clock, Storage } from '@tobiishi/core/ports'
import { outboxTransport } from '@tobiishi/core/testing'
import { type AppDiary, addContacts, liveOn } from './app-life.ts'
import { createDatabase } from './create-database.ts'
import { createFastClock } from './fast-clock.ts'
import { Fleet } from './fleet.ts'
import { type Evidence, violations } from './invariants.ts'
import { type ChaosMail, createMail } from './mail.ts'
import { readMarks } from './mark-record.ts'
import { openStorage, type Place } from './open-storage.ts'
import { createRandom, type Random } from './random.ts'
import { type Sink, startSink } from './start-sink.ts'

export interface ChaosOptions {
  readonly storage: Place['kind']
  /** How long faults rain. */
  readonly seconds: number
  readonly contacts: number
  /** At work at once. Default 3. */
  readonly workers?: number
  readonly seed: number
}

export interface ChaosReport {
  readonly violations: readonly string[]
  readonly counts: { readonly [what: string]: number }
}

const speed = 20
const drainPatience = 60_000
const exitPatience = 10_000

/**
 * Real workers, a real database, a real SMTP server; workers are killed and stalled at random moments while the app goes on.
 * Then the faults stop, the work drains, and what happened is held against the invariants of design §6.
 */
export const runChaos = async (options: ChaosOptions): Promise<ChaosReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-chaos-marks-'))
  const marksFile = join(folder, 'marks')
  await writeFile(marksFile, '')
  const database = await createDatabase[options.storage]()
  const sink = await startSink()
  const storage = await openStorage(database.place)
  const pace = { startedAt: Date.now(), speed }
  const clock = createFastClock(pace)
  const fleet = new Fleet({ place: database.place, pace, smtpPort: sink.port, marksFile })
  try {
    await storage.migrate()
    const mail = createMail({ storage, clock, transport: outboxTransport() })
    const diary = await addContacts(mail, options.contacts)
    await suffer(options, { mail, storage, fleet, diary })
    const drainedIn = await drain(storage, clock)
    await fleet.end(exitPatience)
    const evidence = await collect({ mail, storage, sink, diary, marksFile })
    const failures = [
      ...violations(evidence),
      ...fleet.unexpected,
      ...(drainedIn === null ? [`the work did not drain within ${drainPatience} ms after the faults`] : []),
    ]
    return { violations: failures, counts: { ...countsOf(evidence, fleet), drainedInMs: drainedIn ?? drainPatience } }
  } finally {
    await fleet.end(exitPatience)
    await sink.stop()
    await storage.close()
    await database.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Scene {
  readonly mail: ChaosMail
  readonly storage: Storage
  readonly fleet: Fleet
  readonly diary: AppDiary
}

const suffer = async ({ seconds, seed, workers = 3 }: ChaosOptions, { mail, storage, fleet, diary }: Scene): Promise<void> => {
  await fleet.start(workers, workers - 1)
  const end = Date.now() + seconds * 1_000
  const isOver = () => Date.now() >= end
  const blows = rainBlows(fleet, createRandom(seed), isOver)
  await liveOn(mail, storage, diary, { random: createRandom(seed + 1), isOver })
  await blows
}

/** Kills about one worker in one and a half seconds, and stalls as many, some of them for longer than any lease. */
const rainBlows = async (fleet: Fleet, random: Random, isOver: () => boolean): Promise<void> => {
  const stalls: Promise<void>[] = []
  while (!isOver()) {
    await sleep(random.between(100, 1_400))
    if (random.next() < 0.5) fleet.killOne(random)
    else stalls.push(fleet.stallOne(random, random.next() < 0.5 ? random.between(50, 800) : random.between(2_500, 4_500)))
  }
  await Promise.all(stalls)
}

/** Milliseconds until nothing waits any more; null if that does not come. */
const drain = async (storage: Storage, clock: Clock): Promise<number | null> => {
  const startedAt = Date.now()
  while (Date.now() - startedAt < drainPatience) {
    if ((await storage.transaction((tx) => tx.schema.nextDueAt(clock.now()))) === null) return Date.now() - startedAt
    await sleep(100)
  }
  return null
}

const collect = async ({
  mail,
  storage,
  sink,
  diary,
  marksFile,
}: Omit<Scene, 'fleet'> & { readonly sink: Sink; readonly marksFile: string }): Promise<Evidence> => {
  const messages: Message[] = []
  for (const id of diary.contacts) messages.push(...(await mail.messages.ofContact(id, { limit: 10_000 })))
  return {
    accepted: await sink.accepted(),
    messages,
    marks: await readMarks(marksFile),
    diary,
    depth: await storage.read((reader) => reader.queue.depth()),
  }
}

const countsOf = ({ accepted, messages, diary, marks }: Evidence, { killed, stalled }: Fleet) => {
  const inState = (state: Message['state']) => messages.filter((message) => message.state === state).length
  const ids = new Set(accepted.map(({ messageId }) => messageId))
  return {
    killed,
    stalled,
    contacts: diary.contacts.length,
    left: diary.leftAt.size,
    broadcasts: diary.broadcasts.length,
    orders: diary.orders.length,
    messages: messages.length,
    marks: marks.length,
    accepted: accepted.length,
    sent: inState('sent'),
    skipped: inState('skipped'),
    failed: inState('failed'),
    unknown: inState('unknown'),
    unknownThatArrived: messages.filter(({ id, state }) => state === 'unknown' && ids.has(id)).length,
    receiptsSentAgain: messages.filter(({ idemKey }) => idemKey.endsWith(':r1')).length,
  }
}
