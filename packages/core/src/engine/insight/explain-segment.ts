import { describeSegment } from '../../domain/segment/describe-segment.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'

const leavesOf = (node: SegmentNode): readonly SegmentNode[] => {
  if (node.kind === 'all' || node.kind === 'any') return node.of.flatMap(leavesOf)
  return node.kind === 'not' ? leavesOf(node.of) : [node]
}

/** Whether the contact is in a segment, and which of its conditions hold. */
export function* explainSegment(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  {
    contactId,
    name,
    tree,
    now,
  }: { readonly contactId: string; readonly name: string; readonly tree: SegmentNode; readonly now: Instant },
): Step<readonly ExplainFinding[]> {
  const holds = function* (node: SegmentNode): Step<boolean> {
    const query = { tree: node, now, today: today(now, runtime.settings.timeZone) }
    return (yield* reader.segments.matching(query, [contactId])).length > 0
  }
  const isMember = yield* holds(tree)
  const findings = [
    finding(
      speaker,
      isMember ? 'member' : 'notMember',
      { kind: isMember ? 'member' : 'not-member', at: null },
      { segment: name },
    ),
  ]
  for (const leaf of leavesOf(tree)) {
    const isTrue = yield* holds(leaf)
    const what = describeSegment(leaf, speaker.language)
    findings.push(finding(speaker, isTrue ? 'leafTrue' : 'leafFalse', { kind: isTrue ? 'true' : 'false' }, { what }))
  }
  return findings
}
