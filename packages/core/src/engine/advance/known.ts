import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { MailFate, Need, PastEvent, TransitionFacts } from '../../domain/scenario/transition-contract.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { partsOf } from './definition-parts.ts'
import { type Membership, type Memberships, membershipByAttributes, readMemberships, treeKey } from './memberships.ts'
import type { Task } from './task.ts'

/** What a task cannot go on without. */
export interface Asked {
  readonly task: Task
  readonly needs: readonly Need[]
}

interface AskedEvent {
  readonly definition: ScenarioDefinition
  readonly event: string
}
interface AskedNeed {
  readonly definition: ScenarioDefinition
  readonly need: Need
}

type TaskOf = Pick<Task, 'definition' | 'enrolment'>

const none: readonly PastEvent[] = []

/**
 * What has been read for a batch so far. What one enrolment needs is read for all of the batch that run the same definition: they
 * will come to it, too. So a kind of fact is read about once a batch, whatever its size.
 */
export class Known {
  readonly #batch: Batch
  readonly #byDefinition: ReadonlyMap<ScenarioDefinition, readonly TaskOf[]>
  readonly #memberships: Memberships = new Map()
  /** Of trees that ask for attributes alone; null for the others. */
  readonly #byAttributes = new Map<SegmentNode, ((contactId: string) => Membership) | null>()
  /** Definition → event → contact → events, newest first. */
  readonly #events = new Map<ScenarioDefinition, Map<string, ReadonlyMap<string, readonly PastEvent[]>>>()
  readonly #fates = new Map<string, MailFate | null>()
  readonly #variants = new Map<string, string | null>()

  constructor(batch: Batch, tasks: readonly TaskOf[]) {
    this.#batch = batch
    this.#byDefinition = Map.groupBy(tasks, ({ definition }) => definition)
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
      events: (event) => {
        const read = this.#events.get(definition)?.get(event)
        return read === undefined ? undefined : (read.get(contactId) ?? none)
      },
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

  /** Reads events for the enrolments of these definitions, back to the earliest entry among them. Of events that waits count from, all. */
  *readEvents(asked: readonly AskedEvent[]): Step<void> {
    const fresh = asked.filter(({ definition, event }) => !this.#events.get(definition)?.has(event))
    const isAnchor = ({ definition, event }: AskedEvent) => partsOf(definition).anchors.has(event)
    const recent = fresh.filter((one) => !isAnchor(one))
    const tasks = this.#tasksOf(recent.map(({ definition }) => definition))
    yield* this.#readEventsSince(recent, earliestEntry(tasks))
    yield* this.#readEventsSince(fresh.filter(isAnchor), 0)
  }

  *#readEventsSince(asked: readonly AskedEvent[], since: Instant): Step<void> {
    if (asked.length === 0) return
    const contactIds = contactsOf(this.#tasksOf(asked.map(({ definition }) => definition)))
    const names = [...new Set(asked.map(({ event }) => event))]
    const rows = yield* this.#batch.tx.events.ofContacts(contactIds, { names, since })
    const byName = Map.groupBy(rows, ({ name }) => name)
    for (const { definition, event } of asked) {
      const own = this.#events.get(definition) ?? new Map<string, ReadonlyMap<string, readonly PastEvent[]>>()
      this.#events.set(definition, own)
      own.set(
        event,
        Map.groupBy(byName.get(event) ?? [], ({ contactId }) => contactId),
      )
    }
  }

  #tasksOf(definitions: Iterable<ScenarioDefinition>): readonly TaskOf[] {
    return [...new Set(definitions)].flatMap((one) => this.#byDefinition.get(one) ?? [])
  }

  *#readSegments(pairs: readonly AskedNeed[]): Step<void> {
    const trees = new Map<SegmentNode, Set<string>>()
    for (const { definition, need } of pairs) {
      if (need.kind !== 'segment') continue
      const tree = treeOf(definition, need.segment)
      const contacts = trees.get(tree) ?? new Set()
      for (const id of contactsOf(this.#tasksOf([definition]))) contacts.add(id)
      trees.set(tree, contacts)
    }
    yield* readMemberships(this.#batch, this.#memberships, trees)
  }

  *#readFates(pairs: readonly AskedNeed[]): Step<void> {
    const keys = pairs.flatMap(({ definition, need }) => {
      if (need.kind !== 'fate') return []
      return this.#tasksOf([definition]).map(({ enrolment }) => ({ enrolmentId: enrolment.id, stepId: need.step }))
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
      for (const id of contactsOf(this.#tasksOf([definition]))) contacts.add(id)
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

const contactsOf = (tasks: readonly TaskOf[]): string[] => [...new Set(tasks.map(({ enrolment }) => enrolment.contactId))]

const earliestEntry = (tasks: readonly { readonly enrolment: Enrolment }[]): Instant =>
  tasks.reduce((earliest, { enrolment }) => Math.min(earliest, enrolment.enteredAt), Number.MAX_SAFE_INTEGER)

const treeOf = (definition: ScenarioDefinition, segment: string): SegmentNode => {
  const tree = definition.segments[segment]
  if (tree === undefined) throw new Error(`scenario ${definition.name} has no tree for segment ${segment}`)
  return tree
}
