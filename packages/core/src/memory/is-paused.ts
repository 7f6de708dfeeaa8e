import type { Tables } from './tables.ts'

/** Whether a scenario is paused; mail of no scenario never is. */
export const isPaused = (tables: Tables, scenario: string | null): boolean =>
  scenario !== null && tables.scenarios.get(scenario)?.state === 'paused'
