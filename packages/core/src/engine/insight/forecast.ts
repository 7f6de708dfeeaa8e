import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { type Forecast, forecastEnrolment } from '../../domain/scenario/forecast.ts'
import { day, type Instant, type LocalDate } from '../../domain/time/instant.ts'
import { dateOfWallTime, localDate, wallTimeOfDate } from '../../domain/time/local-date.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { storedScenario } from './explain.ts'
import { readForecastFacts } from './forecast-facts.ts'

const pageSize = 500
const mostDays = 366

interface Count {
  readonly step: string
  readonly at: Instant
}
interface Page {
  readonly mails: readonly Count[]
  readonly uncertain: number
  readonly last: string | null
  readonly isLast: boolean
}

/** Mails a local day of the app, from those who are in a scenario now; read page by page. Throws `scenario.unknown`, `config.invalid`. */
export const createForecast =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['scenarios']['forecast'] =>
  async (name, { days = 30, signal, onProgress } = {}) => {
    if (!Number.isInteger(days) || days < 1 || days > mostDays)
      throw new TobiishiError('config.invalid', `days must be a whole number from 1 to ${mostDays}.`)
    await ready()
    const now = runtime.clock.now()
    const zone = runtime.settings.timeZone
    const tally = createTally(localDate(now, zone), days)
    const until = now + (days + 1) * day
    let uncertain = 0
    let done = 0
    const queued = await readQueued(runtime, name)
    for (const { at, step } of queued) tally.add(localDate(Math.max(at, now), zone), step)
    for (let after: string | null = null; !signal?.aborted; ) {
      const page: Page = await runtime.storage.read((reader) => forecastPage(runtime, reader, name, { after, now, until }))
      for (const { at, step } of page.mails) tally.add(localDate(at, zone), step)
      uncertain += page.uncertain
      done += pageSize
      onProgress?.({ done, total: null })
      if (page.isLast) break
      after = page.last
    }
    return { days: tally.days(), uncertain }
  }

/** Mails that wait in the queue already. Throws `scenario.unknown`. */
const readQueued = (runtime: Runtime, name: string): Promise<readonly Count[]> =>
  runtime.storage.read(function* (reader) {
    yield* storedScenario(reader, name)
    const found: Count[] = []
    for (let after: string | null = null; ; ) {
      const page: readonly { readonly messageId: string; readonly stepId: string | null; readonly runAt: Instant }[] =
        yield* reader.messages.queuedOf(name, { after, limit: pageSize })
      found.push(...page.map(({ stepId, runAt }) => ({ step: stepId ?? '', at: runAt })))
      after = page.at(-1)?.messageId ?? null
      if (page.length < pageSize) return found
    }
  })

function* forecastPage(
  runtime: Runtime,
  reader: StorageReader,
  scenario: string,
  { after, now, until }: { readonly after: string | null; readonly now: Instant; readonly until: Instant },
): Step<Page> {
  const enrolments = yield* reader.enrolments.page({ scenario, after, limit: pageSize })
  const versions = Map.groupBy(enrolments, ({ version }) => version)
  const stored = yield* reader.scenarios.versions([...versions.keys()].map((version) => ({ scenario, version })))
  const mails: Count[] = []
  let uncertain = 0
  for (const { version, definition } of stored) {
    const own: readonly Enrolment[] = versions.get(version) ?? []
    const factsOf = yield* readForecastFacts(runtime, reader, definition, own, now)
    for (const enrolment of own) {
      const forecast = forecastEnrolment(definition, enrolment, factsOf(enrolment), { now, until })
      mails.push(...forecast.mails)
      if (forecast.isUncertain) uncertain += 1
    }
  }
  return { mails, uncertain, last: enrolments.at(-1)?.id ?? null, isLast: enrolments.length < pageSize }
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
