import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { MailFate, Need, TransitionFacts } from '../../domain/scenario/transition-contract.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { type AskedEvent, KnownEvents } from './known-events.ts'
import { type Membership, type Memberships, membershipByAttributes, readMemberships, treeKey } from './memberships.ts'
import type { Task } from './task.ts'
import { type TaskOf, TasksByDefinition } from './tasks-by-definition.ts'

/** What a task cannot go on without. */
export interface Asked {
  readonly task: Task
  readonly needs: readonly Need[]
}

interface AskedNeed {
  readonly definition: ScenarioDefinition
  readonly need: Need
}

/**
 * What has been read for a batch so far. What one enrolment needs is read for all of the batch that run the same definition: they
 * will come to it, too. So a kind of fact is read about once a batch, whatever its size.
 */
export class Known {
  readonly #batch: Batch
  readonly #tasks: TasksByDefinition
  readonly #memberships: Memberships = new Map()
  /** Of trees that ask for attributes alone; null for the others. */
  readonly #byAttributes = new Map<SegmentNode, ((contactId: string) => Membership) | null>()
  readonly #events: KnownEvents
  readonly #fates = new Map<string, MailFate | null>()
  readonly #variants = new Map<string, string | null>()

  constructor(batch: Batch, tasks: readonly TaskOf[]) {
    this.#batch = batch
    this.#tasks = new TasksByDefinition(tasks)
    this.#events = new KnownEvents(batch, this.#tasks)
  }

  /** The facts of one enrolment; they grow as more is read. */
  factsOf({ definition, enrolment }: TaskOf): TransitionFacts {
    const { runtime, contacts } = this.#batch
    const { settings, templates } = runtime
    const { id, contactId } = enrolment
    const contact = contacts.get(contactId)
    const membership = (segment: string) => this.#membership(treeOf(definition, segment), contactId)
    return {
      timeZone: contact?.timeZone ?? settings.timeZone,
      attributes: contact?.attributes ?? {},
      quietHours: settings.quietHours,
      isHoliday: settings.isHoliday,
      purposeOf: (template) => templates.get(template)?.purpose ?? 'marketing',
      matches: (segment) => membership(segment)?.isMember,
      changesAt: (segment) => membership(segment)?.changesAt,
      events: (event) => this.#events.of(definition, event, contactId),
      fate: (step) => this.#fates.get(fateKey(id, step)),
      variant: (experiment) => this.#variants.get(variantKey(experiment, contactId)),
    }
  }

  #membership(tree: SegmentNode, contactId: string): Membership | undefined {
    const read = this.#memberships.get(treeKey(tree))?.get(contactId)
    if (read !== undefined) return read
    const known = this.#byAttributes.get(tree)
    const answer = known === undefined ? membershipByAttributes(this.#batch, tree) : known
    this.#byAttributes.set(tree, answer)
    return answer?.(contactId)
  }

  /** Reads what is asked for: one request a kind, and one a segment that is more than attributes. */
  *read(asked: readonly Asked[]): Step<void> {
    const wanted = new Map<ScenarioDefinition, Map<string, Need>>()
    for (const { task, needs } of asked) {
      const own = wanted.get(task.definition) ?? new Map<string, Need>()
      for (const need of needs) own.set(JSON.stringify(need), need)
      wanted.set(task.definition, own)
    }
    const pairs = [...wanted].flatMap(([definition, needs]) => [...needs.values()].map((need) => ({ definition, need })))
    yield* this.#readSegments(pairs)
    yield* this.readEvents(
      pairs.flatMap(({ definition, need }) => (need.kind === 'events' ? [{ definition, event: need.event }] : [])),
    )
    yield* this.#readFates(pairs)
    yield* this.#readVariants(pairs)
  }

  /** Reads events of these names for the enrolments of these definitions. */
  *readEvents(asked: readonly AskedEvent[]): Step<void> {
    yield* this.#events.read(asked)
  }

  *#readSegments(pairs: readonly AskedNeed[]): Step<void> {
    const trees = new Map<SegmentNode, Set<string>>()
    for (const { definition, need } of pairs) {
      if (need.kind !== 'segment') continue
      const tree = treeOf(definition, need.segment)
      const contacts = trees.get(tree) ?? new Set()
      for (const id of this.#tasks.contactsOf([definition])) contacts.add(id)
      trees.set(tree, contacts)
    }
    yield* readMemberships(this.#batch, this.#memberships, trees)
  }

  *#readFates(pairs: readonly AskedNeed[]): Step<void> {
    const keys = pairs.flatMap(({ definition, need }) => {
      if (need.kind !== 'fate') return []
      return this.#tasks.of([definition]).map(({ enrolment }) => ({ enrolmentId: enrolment.id, stepId: need.step }))
    })
    if (keys.length === 0) return
    for (const { enrolmentId, stepId } of keys) this.#fates.set(fateKey(enrolmentId, stepId), null)
    for (const { enrolmentId, stepId, fate } of yield* this.#batch.tx.messages.fates(keys))
      this.#fates.set(fateKey(enrolmentId, stepId), fate)
  }

  *#readVariants(pairs: readonly AskedNeed[]): Step<void> {
    const experiments = new Set<string>()
    const contacts = new Set<string>()
    for (const { definition, need } of pairs) {
      if (need.kind !== 'variant') continue
      experiments.add(need.experiment)
      for (const id of this.#tasks.contactsOf([definition])) contacts.add(id)
    }
    if (experiments.size === 0) return
    for (const experiment of experiments)
      for (const id of contacts) {
        const key = variantKey(experiment, id)
        if (!this.#variants.has(key)) this.#variants.set(key, null)
      }
    for (const { experiment, contactId, variant } of yield* this.#batch.tx.assignments.get([...experiments], [...contacts]))
      this.#variants.set(variantKey(experiment, contactId), variant)
  }

  /** A variant given out in this batch, for the contact's other enrolments of the same experiment. The first stays. */
  assign(experiment: string, contactId: string, variant: string): void {
    const key = variantKey(experiment, contactId)
    if ((this.#variants.get(key) ?? null) === null) this.#variants.set(key, variant)
  }
}

const fateKey = (enrolmentId: string, stepId: string) => `${enrolmentId}\n${stepId}`
const variantKey = (experiment: string, contactId: string) => `${experiment}\n${contactId}`

const treeOf = (definition: ScenarioDefinition, segment: string): SegmentNode => {
  const tree = definition.segments[segment]
  if (tree === undefined) throw new Error(`scenario ${definition.name} has no tree for segment ${segment}`)
  return tree
}
