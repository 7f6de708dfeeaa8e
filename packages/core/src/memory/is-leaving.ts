import type { Enrolment } from '../domain/scenario/enrolment.ts'
import type { Tables } from './tables.ts'

/** The reason with which a running job is to end this enrolment; null: none is. */
export const leavesFor = (tables: Tables, { scenario, version }: Pick<Enrolment, 'scenario' | 'version'>): string | null => {
  for (const { kind, state, scenario: of, spec } of tables.jobs.values()) {
    if (kind !== 'exit' || state !== 'running' || of !== scenario) continue
    const isMeant = typeof spec.below !== 'number' || version < spec.below
    if (isMeant) return typeof spec.reason === 'string' ? spec.reason : 'exited'
  }
  return null
}
