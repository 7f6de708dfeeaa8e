import { english } from './describe-english.ts'
import { japanese } from './describe-japanese.ts'
import type { DescribeWords } from './describe-words.ts'
import type { SegmentNode } from './segment-node.ts'

export type SegmentLanguage = 'ja' | 'en'

/** A tree read aloud, for reports and for people who check what they are about to send to. Names are the model's. */
export const describeSegment = (tree: SegmentNode, language: SegmentLanguage): string =>
  describe(tree, language === 'ja' ? japanese : english)

const describe = (node: SegmentNode, use: DescribeWords): string => {
  switch (node.kind) {
    case 'everyone':
      return use.everyone
    case 'attribute':
      return use.field(node)
    case 'event':
      return use.event(node, node.where === undefined ? null : describe(node.where, use))
    case 'message':
      return use.message(node)
    case 'not':
      return use.not(describe(node.of, use))
    case 'all':
      return node.of.length === 0 ? use.everyone : use.and(grouped(node.of, use))
    case 'any':
      return node.of.length === 0 ? use.nobody : use.or(grouped(node.of, use))
  }
}

const grouped = (nodes: readonly SegmentNode[], use: DescribeWords): readonly string[] =>
  nodes.map((node) => {
    const isGroup = (node.kind === 'all' || node.kind === 'any') && node.of.length > 1
    return isGroup && nodes.length > 1 ? use.group(describe(node, use)) : describe(node, use)
  })
