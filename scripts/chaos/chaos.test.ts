import { expect, test } from 'vitest'
import { runChaos } from './run-chaos.ts'

test.each(['sqlite', 'postgres'] as const)(
  'workers on %s that are killed and stalled send nothing twice and lose nothing',
  async (storage) => {
    const { violations, counts } = await runChaos({ storage, seconds: 3, contacts: 300, workers: 2, seed: 2 })
    expect(violations).toEqual([])
    expect((counts.killed ?? 0) + (counts.stalled ?? 0)).toBeGreaterThan(0)
    expect(counts.accepted).toBeGreaterThan(0)
  },
  60_000,
)
