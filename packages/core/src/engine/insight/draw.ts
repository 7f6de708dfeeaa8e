import { type DiagramOptions, diagramOf, type StepCounts } from '../../domain/scenario/diagram.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { readDefinition, readScenario, versionOf } from '../scenarios/read-definition.ts'
import { checkLanguage } from '../settings/check-arguments.ts'
import type { Tobiishi } from '../tobiishi.ts'

/** A stored scenario as a Mermaid flowchart. Throws `scenario.unknown`. */
export const createDiagram =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['scenarios']['diagram'] =>
  async (name, { counts = false, language = 'en' } = {}) => {
    checkLanguage('scenarios.diagram', language)
    await ready()
    return await runtime.storage.read(function* (reader) {
      const definition = yield* readDefinition(reader.scenarios, name, versionOf(yield* readScenario(reader.scenarios, name)))
      return diagramOf(definition, { language, ...(counts ? yield* liveCounts(reader, definition) : {}) })
    })
  }

/** Who stands where, of all versions, and what each send step has sent. */
function* liveCounts(
  reader: StorageReader,
  { name, steps }: ScenarioDefinition,
): Step<Pick<DiagramOptions, 'counts' | 'atEnd' | 'ended'>> {
  const groups = yield* reader.enrolments.countByStep(name)
  const counts = new Map<string, StepCounts>()
  for (const { id, kind } of Object.values(steps)) {
    const standing = groups.reduce((sum, group) => sum + (group.state === 'active' && group.stepId === id ? group.count : 0), 0)
    const report = kind === 'send' ? yield* reader.reports.counts({ scenario: name, stepId: id }) : null
    const skipped = Object.values(report?.skippedByReason ?? {}).reduce((sum, count) => sum + count, 0)
    counts.set(id, { standing, sent: report?.sent ?? 0, skipped })
  }
  const inState = (state: string) => groups.reduce((sum, group) => sum + (group.state === state ? group.count : 0), 0)
  const atEnd = groups.reduce((sum, group) => sum + (group.state === 'active' && group.stepId === null ? group.count : 0), 0)
  return { counts, atEnd, ended: { completed: inState('completed'), exited: inState('exited'), failed: inState('failed') } }
}
