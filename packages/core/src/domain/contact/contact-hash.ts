/** FNV-1a, 32 bits, over the UTF-8 bytes (Fowler, Noll, Vo). */
const fnv1a32 = (text: string): number => {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

const lanes = 64

/** What is stored beside a contact id for sharing work and for buckets: `hash` has 31 bits, so it fits a signed integer column. */
export const contactHash = (id: string): { readonly hash: number; readonly lane: number } => {
  const hash = fnv1a32(id)
  return { hash: hash & 0x7fffffff, lane: hash % lanes }
}
