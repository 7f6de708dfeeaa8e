import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Task } from './task.ts'

export type TaskOf = Pick<Task, 'definition' | 'enrolment'>

/** Who of a batch runs which definition: what one of them needs, the others will need too. */
export class TasksByDefinition {
  readonly #tasks: ReadonlyMap<ScenarioDefinition, readonly TaskOf[]>

  constructor(tasks: readonly TaskOf[]) {
    this.#tasks = Map.groupBy(tasks, ({ definition }) => definition)
  }

  of(definitions: Iterable<ScenarioDefinition>): readonly TaskOf[] {
    return [...new Set(definitions)].flatMap((one) => this.#tasks.get(one) ?? [])
  }

  contactsOf(definitions: Iterable<ScenarioDefinition>): string[] {
    return [...new Set(this.of(definitions).map(({ enrolment }) => enrolment.contactId))]
  }
}
