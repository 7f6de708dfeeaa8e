import * as z from 'zod'
import { TobiishiError } from '../../errors/index.ts'
import { sentenceOf } from '../issue-sentence.ts'
import type { FieldOperator, FieldType, SegmentNode } from './segment-node.ts'

/** Limits of a tree (design §7): they bound what an evaluation costs and keep within what the databases take. */
export const segmentLimits = { depth: 8, leaves: 64, inValues: 1_000 } as const

/**
 * Reads a stored or received tree. Answers the tree, or every problem with its path: `all[0].value`. Beside the shape it checks
 * that operators and operands fit the type, the limits of depth, leaves and list length, and that texts hold neither NUL nor
 * lone surrogates. Whether the model has the fields is not checked here.
 */
export const parseSegmentNode = (
  json: unknown,
):
  | { readonly ok: true; readonly tree: SegmentNode }
  | { readonly ok: false; readonly problems: readonly { readonly path: string; readonly problem: string }[] } => {
  const size = measure(json)
  if (size !== null) return { ok: false, problems: [{ path: '', problem: size }] }
  const parsed = contactNode.safeParse(json, { error: sentenceOf })
  if (parsed.success) return { ok: true, tree: parsed.data }
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({ path: spellPath(issue.path), problem: issue.message })),
  }
}

/** The tree, or `segment.invalid` with the first problem's path after `owner`. */
export const requireSegmentNode = (json: unknown, owner: string): SegmentNode => {
  const result = parseSegmentNode(json)
  if (result.ok) return result.tree
  const [first] = result.problems
  const path = [owner, first?.path].filter((part) => part !== undefined && part !== '').join(', ')
  throw new TobiishiError('segment.invalid', `${path}: ${first?.problem ?? 'is not a segment tree.'}`, {
    details: { problems: result.problems },
  })
}

const text = z.string().refine((value) => value.isWellFormed() && !value.includes('\u0000'), {
  error: 'holds a NUL or half a surrogate pair, which databases cannot store.',
})
const name = text.min(1).max(200)
const date = z.iso.date({ error: 'is not a date such as 2026-01-31.' })
/** Years 0 to 9999: only these sort as text. */
const instant = z.int().min(-62_167_219_200_000).max(253_402_300_799_999)

const operands = {
  string: text,
  number: z.number(),
  boolean: z.boolean(),
  date,
  instant,
  list: z.union([text, z.number(), z.boolean()], { error: 'is no text, number or boolean that a list can hold.' }),
} as const

const typesOf: { readonly [O in FieldOperator]: readonly FieldType[] } = {
  isSet: ['string', 'number', 'boolean', 'date', 'instant', 'list'],
  '=': ['string', 'number', 'boolean', 'date', 'instant'],
  '!=': ['string', 'number', 'boolean', 'date', 'instant'],
  in: ['string', 'number', 'date', 'instant'],
  '<': ['string', 'number', 'date', 'instant'],
  '<=': ['string', 'number', 'date', 'instant'],
  '>': ['string', 'number', 'date', 'instant'],
  '>=': ['string', 'number', 'date', 'instant'],
  has: ['list'],
  hasAny: ['list'],
  hasAll: ['list'],
  isEmpty: ['list'],
}

const takesList: ReadonlySet<FieldOperator> = new Set(['in', 'hasAny', 'hasAll'])

const fieldNode = z
  .strictObject({
    kind: z.literal('attribute'),
    field: name,
    type: z.enum(['string', 'number', 'boolean', 'date', 'instant', 'list']),
    operator: z.enum(['=', '!=', 'in', 'isSet', '<', '<=', '>', '>=', 'has', 'hasAny', 'hasAll', 'isEmpty']),
    value: z.unknown().optional(),
  })
  .superRefine((node, context) => {
    const { type, operator } = node
    if (!typesOf[operator].includes(type)) {
      context.addIssue({ code: 'custom', path: ['operator'], message: `${operator} is not for a ${type}.` })
      return
    }
    if (operator === 'isSet' || operator === 'isEmpty') {
      if (node.value !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: `${operator} takes no value.` })
      return
    }
    const operand = takesList.has(operator) ? z.array(operands[type]).min(1).max(segmentLimits.inValues) : operands[type]
    for (const issue of operand.safeParse(node.value, { error: sentenceOf }).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['value', ...issue.path], message: issue.message })
    }
  })

/** `leaf` is what this tree asks about besides `attribute`; children are of the same kind of tree. */
const treeOf = (...leaves: readonly z.core.$ZodTypeDiscriminable[]): z.ZodType<SegmentNode> => {
  const children = z.array(z.lazy(() => node))
  const node: z.ZodType<SegmentNode> = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all'), of: children }),
    z.strictObject({ kind: z.literal('any'), of: children }),
    z.strictObject({ kind: z.literal('not'), of: z.lazy(() => node) }),
    fieldNode,
    ...leaves,
  ]) as unknown as z.ZodType<SegmentNode>
  return node
}

const within = z.int().positive().optional()
const count = z.strictObject({ operator: z.enum(['>=', '=', '<=']), value: z.int().min(0) })

/** The shape of a tree, for JSON Schema; limits and what operators take only `parseSegmentNode` knows. */
export const segmentNodeShape = (): z.ZodType<SegmentNode> => contactNode

const contactNode = treeOf(
  z.strictObject({ kind: z.literal('everyone') }),
  z.strictObject({ kind: z.literal('event'), event: name, within, count, where: treeOf().optional() }),
  z
    .strictObject({
      kind: z.literal('message'),
      did: z.enum(['sent', 'opened', 'clicked']),
      within,
      count,
      scenario: name.optional(),
      step: name.optional(),
    })
    .refine((node) => node.step === undefined || node.scenario !== undefined, {
      path: ['step'],
      error: 'is a step of a scenario: name the scenario too.',
    }),
)

const leafKinds: ReadonlySet<unknown> = new Set(['attribute', 'event', 'message', 'everyone'])

/** Walks before the schema does, and stops at the limit: a hostile depth must not exhaust the stack. */
const measure = (root: unknown): string | null => {
  let leaves = 0
  const waiting: { readonly node: unknown; readonly depth: number }[] = [{ node: root, depth: 1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.node !== 'object' || next.node === null) continue
    if (next.depth > segmentLimits.depth) return `is nested more than ${segmentLimits.depth} deep.`
    const { kind, of, where } = next.node as { readonly kind?: unknown; readonly of?: unknown; readonly where?: unknown }
    const children = Array.isArray(of) ? (of as unknown[]) : [of, where]
    if (leafKinds.has(kind) || children.length === 0) leaves += 1
    if (leaves > segmentLimits.leaves) return `has more than ${segmentLimits.leaves} conditions.`
    for (const child of children) waiting.push({ node: child, depth: next.depth + 1 })
  }
  return null
}

const spellPath = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`)).join('')
