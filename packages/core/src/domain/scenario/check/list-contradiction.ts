import { elementsOf, type ListElement } from '../../segment/list-elements.ts'
import type { FieldNode, SegmentNode } from '../../segment/segment-node.ts'

/** Whether conditions that must hold together ask for a list that cannot be: one that is empty and has something, has and has not. */
export const contradictsLists = (nodes: readonly SegmentNode[]): boolean => {
  const asked = nodes.flatMap(askedOf)
  return [...Map.groupBy(asked, ({ node }) => node.field).values()].some(isImpossible)
}

interface Asked {
  readonly node: FieldNode
  readonly isDenied: boolean
}

const askedOf = (node: SegmentNode): readonly Asked[] => {
  const leaf = node.kind === 'not' ? node.of : node
  return leaf.kind === 'attribute' && leaf.type === 'list' ? [{ node: leaf, isDenied: leaf !== node }] : []
}

const isImpossible = (asked: readonly Asked[]): boolean => {
  const nodes = (isDenied: boolean, ...operators: readonly FieldNode['operator'][]) =>
    asked.flatMap((one) => (one.isDenied === isDenied && operators.includes(one.node.operator) ? [one.node] : []))
  const wanted = nodes(false, 'has', 'hasAll').flatMap(elementsOf)
  const banned: ReadonlySet<ListElement> = new Set(nodes(true, 'has', 'hasAny').flatMap(elementsOf))
  if (nodes(false, 'isEmpty').length > 0 && nodes(false, 'has', 'hasAll', 'hasAny').length > 0) return true
  if (wanted.some((element) => banned.has(element))) return true
  if (nodes(false, 'hasAny').some((node) => elementsOf(node).every((element) => banned.has(element)))) return true
  return nodes(true, 'hasAll').some((node) => elementsOf(node).every((element) => wanted.includes(element)))
}
