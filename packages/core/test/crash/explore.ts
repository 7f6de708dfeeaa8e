import { minute } from '../../src/domain/time/instant.ts'
import { alive, breaking, deathAt, type Place, stallAt } from './fate.ts'
import { type Ending, violations } from './invariants.ts'
import { fingerprint, labelsOf, relabelled } from './labels.ts'
import type { Rows } from './rows.ts'
import type { Scene } from './scene.ts'
import { Session } from './session.ts'
import { snapshotOf, timesOf } from './snapshot.ts'

/** What was found, and how often the rare happened. */
export interface Findings {
  /** Broken invariants with where the process was interrupted. */
  readonly broken: string[]
  readonly counts: { [what: string]: number }
}

const count = ({ counts }: Findings, what: string) => {
  counts[what] = (counts[what] ?? 0) + 1
}

const endingOf = async (session: Session, expected: Ending | null, ambiguous: readonly string[]): Promise<Ending> => {
  const { scene, witness, said, clock } = session
  const rows = session.rows()
  const found = { snapshot: snapshotOf(rows, witness), times: timesOf(rows, witness) }
  const nextDueAt = await session.nextDueAt()
  const fixed = { scene, rows, witness, ambiguous: new Set(ambiguous), nextDueAt, now: clock.now(), said }
  return { ...fixed, ...found, expected: expected ?? found }
}

/** The scene as it goes without interruption. */
export const undisturbed = async (scene: Scene): Promise<Ending> => {
  const session = new Session(scene)
  await session.run(alive())
  return await endingOf(session, null, [])
}

interface Interruption {
  readonly at: string
  /** Ids of mail whose hand-over was under way. */
  readonly marked: readonly string[]
}

const judge = async (findings: Findings, session: Session, expected: Ending, { at, marked }: Interruption) => {
  const ending = await endingOf(session, expected, marked)
  for (const line of violations(ending)) findings.broken.push(`${at}\n${line}`)
}

/**
 * Breaks every transaction at each of its requests, and lets the storage do it again: nothing of a broken one stays, and doing it
 * again comes to the same end. So a process that dies at a request leaves what it found when the transaction began.
 */
export const breakEverywhere = async (scene: Scene, expected: Ending): Promise<Findings> => {
  const findings: Findings = { broken: [], counts: {} }
  const session = new Session(scene)
  let before = ''
  const broke = () => {
    count(findings, 'broken inside a transaction')
    if (JSON.stringify(session.rows()) !== before)
      findings.broken.push(`${session.position}\nnothing stays of a transaction that was broken: something did`)
  }
  const begins = () => {
    before = JSON.stringify(session.rows())
  }
  await session.run(breaking({ begins, broke }))
  await judge(findings, session, expected, { at: 'with every transaction broken at each request', marked: [] })
  return findings
}

/** What decides about the rest of a life: the rows, and how far the story and the outside world have come. */
const standing = ({ witness, position }: Session, rows: Rows): string => {
  const labels = labelsOf(rows, witness)
  const heard = witness.handOvers.map(({ messageId, result }) => `${labels.get(messageId)} ${result.kind}`)
  const handled = witness.handled.map(({ idemKey, attempt }) => `${relabelled(idemKey, labels)} ${attempt}`)
  return [position, ...heard, ...handled, fingerprint(rows, witness)].join('\n')
}

/**
 * Kills the process before and after each commit and around all that it does outside, lets another go on, and holds the end
 * against the undisturbed world. Where two deaths leave the same behind, the rest of the life is gone through once.
 */
export const dieEverywhere = async (scene: Scene, expected: Ending): Promise<Findings> => {
  const findings: Findings = { broken: [], counts: {} }
  const known = new Set<string>()
  for (let nth = 1; ; nth += 1) {
    const session = new Session(scene)
    const fate = deathAt(nth)
    const place = await Promise.race([session.run(fate).then(() => null), fate.struck])
    if (place === null) return findings
    noteDeath(findings, place)
    const rows = session.rows()
    const { size } = known.add(standing(session, rows))
    if (size === findings.counts.lives) continue
    count(findings, 'lives')
    if (rows.marked.length > 0) count(findings, 'died with mail under way')
    const interruption = { at: `dying at ${nth} (${place}), ${session.position}`, marked: rows.marked }
    await session.run(alive())
    await judge(findings, session, expected, interruption)
  }
}

const noteDeath = (findings: Findings, place: Place) => {
  count(findings, 'deaths')
  if (place === 'before commit') count(findings, 'died inside a transaction')
  if (place === 'after commit' || place === 'after append') count(findings, 'died between commit and answer')
  if (place === 'after hand-over' || place === 'after handler') count(findings, 'died before an answer was heard')
}

/** How long a process stands still: no time at all, past every lease, until the app has done its next act, or to the end of the story. */
const spans = ['none', 'act', 'lease', 'end', 'act', 'end'] as const
type Span = (typeof spans)[number]
const pastLeases = 10 * minute

/**
 * Stops the process before and after each commit and around all that it does outside, lets another take over, lets the first go
 * on, and holds the end against the undisturbed world. At each place with one span, in turn.
 */
export const stallEverywhere = async (scene: Scene, expected: Ending): Promise<Findings> => {
  const findings: Findings = { broken: [], counts: {} }
  for (let nth = 1; ; nth += 1) {
    const session = new Session(scene)
    const fate = stallAt(nth)
    const running = session.run(fate)
    const place = await Promise.race([running.then(() => null), fate.struck])
    if (place === null) return findings
    count(findings, 'stalls')
    if (place === 'before commit') count(findings, 'stalled inside a transaction')
    const span = spans[(nth + Math.floor(nth / spans.length)) % spans.length] ?? 'none'
    const interruption = {
      at: `standing still at ${nth} (${place}) for ${span}, ${session.position}`,
      marked: session.rows().marked,
    }
    await takeOver(session, span)
    const { length } = session.witness.facts
    fate.resume()
    await running
    if (session.witness.facts.slice(length).some(({ kind }) => kind === 'came too late'))
      count(findings, 'came back after a lease')
    await session.run(alive())
    await judge(findings, session, expected, interruption)
  }
}

const takeOver = async (session: Session, span: Span): Promise<void> => {
  const minutes = span === 'none' ? 0 : pastLeases
  if (session.isActing) return await session.help(alive(), minutes)
  if (span === 'none' || span === 'lease') return await session.work(alive(), minutes)
  await session.run(alive(), span === 'act' ? 'next act' : 'end')
}

/**
 * Lives through the scene with two workers that go round at once whenever something may be due, as if each hint came to both. In
 * all the other lives every hint is lost.
 */
export const hintEverybody = async (scene: Scene, expected: Ending): Promise<Findings> => {
  const findings: Findings = { broken: [], counts: {} }
  const session = new Session(scene, { workers: 2 })
  await session.run(alive())
  await judge(findings, session, expected, { at: 'with two workers at once', marked: [] })
  return findings
}
