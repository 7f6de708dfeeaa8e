import { briefLoops, floodingLoops } from '../check/brief-loops.ts'
import { busyLoops } from '../check/busy-loops.ts'
import { reachableFrom, waysOf } from '../check/graph.ts'
import type { EventMatch, MailMatch, ScenarioDefinition, ScenarioStep, SegmentMatch } from '../scenario-definition.ts'
import { type BareProblem, spellPath } from './problem.ts'

/** What a definition has under which name, whether or not it can be read. */
export interface Names {
  /** Kind by id. */
  readonly steps: ReadonlyMap<string, unknown>
  readonly segments: ReadonlySet<string>
}

type Path = readonly PropertyKey[]

/** Names in one step that lead nowhere, or nowhere ever. */
export const stepProblems = (id: string, step: ScenarioStep, names: Names): readonly BareProblem[] => [
  ...(step.id === id ? [] : [{ path: spellPath(['steps', id, 'id']), problem: `differs from its key ${JSON.stringify(id)}.` }]),
  ...(step.kind !== 'call' || step.waits || step.failed === step.next
    ? []
    : [
        {
          path: spellPath(['steps', id, 'failed']),
          problem: 'a call that is not waited for cannot fail: write the same as next.',
        },
      ]),
  ...targetsOf(step).flatMap(({ path, target }) => targetProblems(['steps', id, ...path], target, names)),
  ...matchesOf(step).flatMap(({ path, on }) => matchProblems(['steps', id, ...path], on, names)),
]

/** Names outside of the steps that lead nowhere. */
export const ownProblems = (definition: ScenarioDefinition, names: Names): readonly BareProblem[] => {
  const { trigger, exitWhen, goal, successors, first } = definition
  return [
    ...(trigger?.kind === 'segment' ? segmentProblems(['trigger', 'segment'], trigger.segment, names) : []),
    ...(exitWhen === null ? [] : segmentProblems(['exitWhen'], exitWhen, names)),
    ...(goal === null ? [] : matchProblems(['goal'], goal, names)),
    ...(first === null
      ? [{ path: 'first', problem: 'must be the id of the first step, got null.' }]
      : targetProblems(['first'], first, names)),
    ...Object.entries(successors).flatMap(([gone, next]) => [
      ...(names.steps.has(gone)
        ? [{ path: spellPath(['successors', gone]), problem: 'is a step of this version, so nobody has to leave it.' }]
        : []),
      ...targetProblems(['successors', gone], next, names),
    ]),
  ]
}

/** Questions about mail that no way leads from: they could never be true. */
export const fateProblems = (definition: ScenarioDefinition): readonly BareProblem[] =>
  Object.values(definition.steps).flatMap((step) =>
    matchesOf(step).flatMap(({ path, on }) => {
      const mail = on.kind === 'mail' ? definition.steps[on.step] : undefined
      if (mail === undefined || reachableFrom(definition, waysOf(mail)).has(step.id)) return []
      return [
        {
          path: spellPath(['steps', step.id, ...path, 'step']),
          problem: `step ${JSON.stringify(mail.id)} is not sent before it.`,
        },
      ]
    }),
  )

/** Loops that never wait, so briefly that they would run millions of times after an outage, or perhaps not at all between two mails. */
export const loopProblems = (definition: ScenarioDefinition): readonly BareProblem[] => [
  ...busyLoops(definition).map((loop) => ({
    path: spellPath(['steps', loop[0] ?? '']),
    problem: `goes round without a wait (${[...loop, loop[0]].join(' → ')}): put a wait of a minute or more into the loop.`,
  })),
  ...briefLoops(definition).map((id) => ({
    path: spellPath(['steps', id]),
    problem: 'waits less than a minute in a loop: write at least one wait of a minute or more into the loop.',
  })),
  ...floodingLoops(definition).map((id) => ({
    path: spellPath(['steps', id]),
    problem: 'may be over at once, in a loop that sends mail: put a wait of a minute or more into the loop.',
  })),
]

/** The arrows out of a step, with their place in it. */
const targetsOf = (step: ScenarioStep): readonly { readonly path: Path; readonly target: string | null }[] => {
  switch (step.kind) {
    case 'send':
    case 'wait':
    case 'update':
      return [{ path: ['next'], target: step.next }]
    case 'call':
      return [
        { path: ['next'], target: step.next },
        { path: ['failed'], target: step.failed },
      ]
    case 'branch':
      return [
        { path: ['yes'], target: step.yes },
        { path: ['no'], target: step.no },
      ]
    case 'wait-for':
      return [...armTargets(step.arms), { path: ['timeout', 'next'], target: step.timeout.next }]
    case 'split':
      return [...armTargets(step.arms), { path: ['holdout', 'until'], target: step.holdout?.until ?? null }]
    case 'go-to':
    case 'end':
      return []
  }
}

const armTargets = (arms: readonly { readonly next: string | null }[]) =>
  arms.map(({ next }, index) => ({ path: ['arms', index, 'next'], target: next }))

const matchesOf = (
  step: ScenarioStep,
): readonly { readonly path: Path; readonly on: EventMatch | SegmentMatch | MailMatch }[] => {
  if (step.kind === 'branch') return [{ path: ['on'], on: step.on }]
  return step.kind === 'wait-for' ? step.arms.map(({ on }, index) => ({ path: ['arms', index, 'on'], on })) : []
}

/** Kinds of steps that send nothing. */
const otherKinds: ReadonlySet<unknown> = new Set<Exclude<ScenarioStep['kind'], 'send'>>([
  'wait',
  'wait-for',
  'branch',
  'split',
  'update',
  'call',
  'go-to',
  'end',
])

const targetProblems = (path: Path, target: string | null, { steps }: Names): readonly BareProblem[] =>
  target === null || steps.has(target) ? [] : [{ path: spellPath(path), problem: `there is no step ${JSON.stringify(target)}.` }]

const segmentProblems = (path: Path, segment: string, { segments }: Names): readonly BareProblem[] =>
  segments.has(segment) ? [] : [{ path: spellPath(path), problem: `there is no segment ${JSON.stringify(segment)}.` }]

const matchProblems = (path: Path, on: EventMatch | SegmentMatch | MailMatch, names: Names): readonly BareProblem[] => {
  if (on.kind === 'segment') return segmentProblems([...path, 'segment'], on.segment, names)
  if (on.kind === 'event') return []
  const missing = targetProblems([...path, 'step'], on.step, names)
  // A step of no known kind has a problem of its own.
  if (missing.length > 0 || !otherKinds.has(names.steps.get(on.step))) return missing
  return [{ path: spellPath([...path, 'step']), problem: `step ${JSON.stringify(on.step)} sends nothing.` }]
}
