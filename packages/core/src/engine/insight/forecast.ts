import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { type Forecast, forecastEnrolment } from '../../domain/scenario/forecast.ts'
import { day, type Instant, type LocalDate } from '../../domain/time/instant.ts'
import { dateOfWallTime, localDate, wallTimeOfDate } from '../../domain/time/local-date.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { specOf } from '../scenarios/jobs/job.ts'
import { readScenario, readVersions } from '../scenarios/read-definition.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { readAllowing, readForecastFacts } from './forecast-facts.ts'
import { leavingOf } from './leaving.ts'

const pageSize = 500
const mostDays = 366

interface Count {
  readonly step: string
  readonly at: Instant
}
interface Page {
  readonly mails: readonly Count[]
  readonly uncertain: number
  /** Where the next page begins; null: there is none. */
  readonly after: string | null
  readonly done: number
}

/** The scenario as it stands when the forecast begins. */
interface Standing {
  readonly row: ScenarioRow
  readonly active: number
  /** Versions that a running job ends or moves enrolments of. */
  readonly leaving: (version: number) => boolean
  readonly moving: (version: number) => boolean
}

/**
 * Mails a local day of the app, from those who are in a scenario now and may be sent to; read page by page, an abort ends it
 * with what was counted so far. While a scenario is paused, nothing is counted. Caps are not looked at.
 * Throws `scenario.unknown`, `config.invalid`.
 */
export const createForecast =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['scenarios']['forecast'] =>
  async (name, { days = 30, signal, onProgress } = {}) => {
    if (!Number.isInteger(days) || days < 1 || days > mostDays)
      throw new TobiishiError('config.invalid', `days must be a whole number from 1 to ${mostDays}.`)
    await ready()
    const now = runtime.clock.now()
    const zone = runtime.settings.timeZone
    const tally = createTally(localDate(now, zone), days)
    const standing = await runtime.storage.read((reader) => readStanding(reader, name))
    const { row, active } = standing
    if (row.state !== 'active' && row.state !== 'stopped') return { days: tally.days(), uncertain: 0 }

    const question: Question = { standing, now, until: now + (days + 1) * day }
    let uncertain = 0
    let done = 0
    for (const readPage of [queuedPage, enrolledPage])
      for (let after: string | null = null, isFirst = true; (isFirst || after !== null) && !signal?.aborted; isFirst = false) {
        const page: Page = await runtime.storage.read((reader) => readPage(runtime, reader, question, after))
        for (const { at, step } of page.mails) tally.add(localDate(at, zone), step)
        uncertain += page.uncertain
        done += page.done
        onProgress?.({ done, total: active })
        after = page.after
      }
    return { days: tally.days(), uncertain }
  }

interface Question {
  readonly standing: Standing
  readonly now: Instant
  readonly until: Instant
}

function* readStanding(reader: StorageReader, name: string): Step<Standing> {
  const row = yield* readScenario(reader.scenarios, name)
  const active = yield* reader.enrolments.count({ scenario: name, state: 'active' })
  const jobs = (yield* reader.jobs.ofScenario(name)).filter(({ state }) => state === 'running')
  const targets = jobs.flatMap((job) => (job.kind === 'migrate' ? [specOf(job, 'migrate').version] : []))
  const leaving = leavingOf(jobs)
  return {
    row,
    active,
    leaving: (version) => leaving(version) !== null,
    moving: (version) => targets.some((target) => version < target),
  }
}

const nextAfter = <T>(page: readonly T[], idOf: (last: T) => string): string | null => {
  const last = page.at(-1)
  return last === undefined || page.length < pageSize ? null : idOf(last)
}

/** Mails that wait in the queue already. */
function* queuedPage(runtime: Runtime, reader: StorageReader, { standing, now }: Question, after: string | null): Step<Page> {
  const waiting = yield* reader.messages.queuedOf(standing.row.name, { after, limit: pageSize })
  const messages = yield* reader.messages.get(waiting.map(({ messageId }) => messageId))
  const byId = new Map(messages.map((message) => [message.id, message]))
  const { mayGet } = yield* readAllowing(runtime, reader, [...new Set(messages.map(({ contactId }) => contactId))], now)
  const mails = waiting.flatMap(({ messageId, stepId, runAt }): Count[] => {
    const message = byId.get(messageId)
    if (message === undefined || stepId === null || !mayGet(message.contactId, message.template)) return []
    if (message.scenarioVersion !== null && standing.leaving(message.scenarioVersion)) return []
    return [{ step: stepId, at: Math.max(runAt, now) }]
  })
  return { mails, uncertain: 0, after: nextAfter(waiting, ({ messageId }) => messageId), done: 0 }
}

/** Mails that those who are in it have before them. */
function* enrolledPage(
  runtime: Runtime,
  reader: StorageReader,
  { standing, now, until }: Question,
  after: string | null,
): Step<Page> {
  const { row, leaving, moving } = standing
  const enrolments = yield* reader.enrolments.page({ scenario: row.name, after, limit: pageSize })
  const byVersion = Map.groupBy(enrolments, ({ version }) => version)
  const definitions = yield* readVersions(reader.scenarios, row.name, byVersion.keys())
  const mails: Count[] = []
  let uncertain = 0
  for (const [version, own] of byVersion) {
    const definition = definitions.get(version)
    if (definition === undefined || moving(version)) uncertain += own.length
    if (definition === undefined || leaving(version)) continue
    const factsOf = yield* readForecastFacts(runtime, reader, definition, own, now)
    for (const enrolment of own) {
      const pauses = row.pauses.slice(enrolment.pausesSeen)
      const forecast = forecastEnrolment(definition, enrolment, factsOf(enrolment), { now, until, pauses })
      mails.push(...forecast.mails)
      if (forecast.isUncertain && !moving(version)) uncertain += 1
    }
  }
  return { mails, uncertain, after: nextAfter<Enrolment>(enrolments, ({ id }) => id), done: enrolments.length }
}

const createTally = (first: LocalDate, days: number) => {
  const dates = Array.from({ length: days }, (_, index) => dateOfWallTime(wallTimeOfDate(first) + index * day))
  const byDate = new Map(dates.map((date) => [date, new Map<string, number>()]))
  return {
    add: (date: LocalDate, step: string): void => {
      const steps = byDate.get(date)
      steps?.set(step, (steps.get(step) ?? 0) + 1)
    },
    days: (): Forecast['days'] =>
      [...byDate].map(([date, steps]) => ({
        date,
        mails: [...steps.values()].reduce((sum, count) => sum + count, 0),
        byStep: Object.fromEntries(steps),
      })),
  }
}
