/** FNV-1a, 32 bits, over UTF-8 (Fowler, Noll, Vo). */
const fnv1a32 = (text: string): number => {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Spreads the last bytes over all bits (the finaliser of MurmurHash3): shares are cut by the highest. */
const mix = (value: number): number => {
  const a = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b ^ (b >>> 16)) >>> 0
}

/** 31 bits: exclusive upper end of `splitHash`. */
export const splitRange = 2 ** 31

/** Where a contact stands in an experiment: the same for ever, independent between experiments. An integer below 2^31. */
export const splitHash = (contactId: string, experiment: string): number => mix(fnv1a32(`${experiment}\u0000${contactId}`)) >>> 1
