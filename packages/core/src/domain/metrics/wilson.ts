/** Two-sided 95 % of the normal distribution. */
const z = 1.959963984540054

/**
 * The 95 % interval of a share of `k` out of `n` (Wilson 1927): within 0 and 1 also at the edges and for small `n`, where
 * the simple interval is not. Null where it does not exist: `n` of 0, or `k` outside 0 to `n`.
 */
export const wilson = (k: number, n: number): readonly [number, number] | null => {
  if (n <= 0 || k < 0 || k > n) return null
  const share = k / n
  const scale = 1 + (z * z) / n
  const centre = (share + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return [k === 0 ? 0 : centre - half, k === n ? 1 : centre + half]
}
