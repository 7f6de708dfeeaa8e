import { tzOffset } from '@date-fns/tz/tzOffset'
import { TobiishiError } from '../../errors/index.ts'
import { day, type Instant, type Milliseconds, minute } from './instant.ts'

/** A stretch of `blockLength`: the offset at its start, and what changes it within. */
interface Block {
  readonly offset: Milliseconds
  readonly changes: readonly Change[]
}
interface Change {
  /** First instant with the new offset. */
  readonly at: Instant
  readonly offset: Milliseconds
}

/** About 99 days: most blocks hold no change, so that a look-up is two reads of a map (asking Intl takes 40 times as long). */
const blockLength = 2 ** 33

/** Changes of one zone are a week apart at least (South America, 2000). */
const sampleLength = 4 * day

/** Clock changes are facts that stay the same while a process runs: kept by zone and block, four blocks a year. */
const blocksOf = new Map<string, Map<number, Block>>()

const readOffset = (instant: Instant, zone: string): Milliseconds => {
  const offset = tzOffset(zone, new Date(instant))
  if (Number.isNaN(offset))
    throw new TobiishiError('time.invalid', `'${zone}' is not a time zone: use an IANA name as Asia/Tokyo.`, {
      details: { zone },
    })
  return Math.round(offset * minute)
}

/** The first instant in `(from, until]` with another offset than at `from`, where there is one change between them. */
const findChange = (from: Instant, until: Instant, zone: string): Change => {
  const before = readOffset(from, zone)
  let low = from
  let high = until
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(middle, zone) === before) low = middle
    else high = middle
  }
  return { at: high, offset: readOffset(high, zone) }
}

const readBlock = (start: Instant, zone: string): Block => {
  const offset = readOffset(start, zone)
  const changes: Change[] = []
  let before = offset
  for (let from = start; from < start + blockLength; from += sampleLength) {
    const until = Math.min(from + sampleLength, start + blockLength)
    const after = readOffset(until, zone)
    if (after !== before) changes.push(findChange(from, until, zone))
    before = after
  }
  return { offset, changes: changes.filter((change) => change.at < start + blockLength) }
}

const blockAt = (index: number, zone: string): Block => {
  let blocks = blocksOf.get(zone)
  if (blocks === undefined) {
    blocks = new Map()
    blocksOf.set(zone, blocks)
  }
  let block = blocks.get(index)
  if (block === undefined) {
    block = readBlock(index * blockLength, zone)
    blocks.set(index, block)
  }
  return block
}

/** How far the clocks of a zone are ahead of UTC at an instant. Throws `time.invalid` for an unknown zone. */
export const offsetAt = (instant: Instant, zone: string): Milliseconds => {
  const { offset, changes } = blockAt(Math.floor(instant / blockLength), zone)
  return changes.length === 0 ? offset : (changes.findLast(({ at }) => at <= instant)?.offset ?? offset)
}

/** The instants in `[from, until)` from which on the clocks of a zone show another offset, in order. */
export const clockChanges = (from: Instant, until: Instant, zone: string): readonly Instant[] => {
  const found: Instant[] = []
  for (let index = Math.floor(from / blockLength); index * blockLength < until; index += 1) {
    for (const { at } of blockAt(index, zone).changes) if (at >= from && at < until) found.push(at)
  }
  return found
}
