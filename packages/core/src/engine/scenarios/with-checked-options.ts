import { checkOptions } from '../settings/check-arguments.ts'
import type { Tobiishi } from '../tobiishi.ts'

type Scenarios = Tobiishi['scenarios']

/** The same, refusing options that callers without types may give. Rejects with `config.invalid`. */
export const withCheckedOptions = (scenarios: Scenarios): Scenarios => ({
  ...scenarios,
  list: async (options) => scenarios.list(checkOptions('scenarios.list', options)),
  export: async (name, options) => scenarios.export(name, checkOptions('scenarios.export', options)),
  previewPublish: async (name, options) => scenarios.previewPublish(name, checkOptions('scenarios.previewPublish', options)),
  resume: async (name, options) => scenarios.resume(name, checkOptions('scenarios.resume', options)),
  previewBackfill: async (name, options) => scenarios.previewBackfill(name, checkOptions('scenarios.previewBackfill', options)),
  backfill: async (name, options) => scenarios.backfill(name, checkOptions('scenarios.backfill', options)),
  forecast: async (name, options) => scenarios.forecast(name, checkOptions('scenarios.forecast', options)),
  diagram: async (name, options) => scenarios.diagram(name, checkOptions('scenarios.diagram', options)),
  deadCalls: async (options) => scenarios.deadCalls(checkOptions('scenarios.deadCalls', options)),
})
