/** The work, done once however often it is asked for; only where it failed is it done again. */
export const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let under: Promise<void> | null = null
  return () => {
    under ??= work().catch((error: unknown) => {
      under = null
      throw error
    })
    return under
  }
}
