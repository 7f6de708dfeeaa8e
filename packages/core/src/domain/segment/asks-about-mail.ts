import type { MessageNode, SegmentNode } from './segment-node.ts'

/** Whether a tree asks about mail: sent, opened, clicked; with `did`, about that alone. */
export const asksAboutMail = (tree: SegmentNode, did?: MessageNode['did']): boolean => {
  switch (tree.kind) {
    case 'message':
      return did === undefined || tree.did === did
    case 'not':
      return asksAboutMail(tree.of, did)
    case 'all':
    case 'any':
      return tree.of.some((part) => asksAboutMail(part, did))
    case 'everyone':
    case 'attribute':
    case 'event':
      return false
  }
}
