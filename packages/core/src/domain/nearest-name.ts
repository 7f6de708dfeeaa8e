/** The known name that a misspelt one probably means; null where none is near. */
export const nearestName = (name: string, known: Iterable<string>): string | null => {
  let nearest: string | null = null
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const one of known) {
    const distance = distanceOf(name.toLowerCase(), one.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = one
  }
  return nearest
}

/** Letters to add, drop or change (Levenshtein). */
const distanceOf = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let at = 1; at <= a.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= b.length; to += 1) {
      const change = (row[to - 1] ?? 0) + (a[at - 1] === b[to - 1] ? 0 : 1)
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[b.length] ?? 0
}
