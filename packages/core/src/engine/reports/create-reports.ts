import type { LinkReport } from '../../domain/metrics/report.ts'
import { reportOf } from '../../domain/metrics/report-of.ts'
import type { LinkCounts, TemplateVersionRow } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { checkFilter } from './check-filter.ts'

const pageSize = 1_000

/** KPI, links and clickers over the ledger, each read from one snapshot. A scenario or step that never was is refused. */
export const createReports = (runtime: Runtime): Tobiishi['reports'] => ({
  kpi: async (filter) => {
    const counts = await runtime.storage.read(function* (reader) {
      yield* checkFilter(runtime, reader, filter)
      return yield* reader.reports.counts(filter)
    })
    return reportOf(counts)
  },
  links: (filter) =>
    runtime.storage.read(function* (reader) {
      yield* checkFilter(runtime, reader, filter)
      const counts = yield* reader.reports.links(filter)
      const versions = yield* reader.templates.versions([...new Set(counts.map(({ templateHash }) => templateHash))])
      const byHash = new Map(versions.map((version) => [version.hash, version]))
      return counts.map((row) => linkReport(row, byHash.get(row.templateHash)))
    }),
  clickers: (filter, link, options = {}) =>
    runtime.storage.read(function* (reader) {
      yield* checkFilter(runtime, reader, filter)
      return yield* reader.reports.clickers(filter, link, { after: options.after ?? null, limit: options.limit ?? pageSize })
    }),
})

const linkReport = (row: LinkCounts, version: TemplateVersionRow | undefined): LinkReport => {
  const link = version?.links.find(({ index }) => index === row.link)
  return { ...row, url: link?.url ?? null, label: link?.label ?? '' }
}
