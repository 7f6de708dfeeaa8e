import { expect, test } from 'vitest'
import { runChaos } from './run-chaos.ts'

test.each(['sqlite', 'postgres'] as const)(
  'workers on %s that are killed and stalled send nothing twice and lose nothing',
  async (storage) => {
    const { violations, counts } = await runChaos({ storage, seconds: 5, contacts: 400, seed: 1 })
    expect(violations).toEqual([])
    expect(counts.killed).toBeGreaterThan(0)
    expect(counts.stalled).toBeGreaterThan(0)
    expect(counts.accepted).toBeGreaterThan(0)
  },
  60_000,
)
