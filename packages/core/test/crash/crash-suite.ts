import { afterAll, describe, expect, it } from 'vitest'
import { breakEverywhere, dieEverywhere, type Findings, hintEverybody, stallEverywhere, undisturbed } from './explore.ts'
import { invariants, violations } from './invariants.ts'
import type { Scene } from './scene.ts'

/** All that is done to a scene takes so long at most, on a machine with much else to do. */
const longest = 120_000
/** Of one scene: broken, dying, standing still, hinted. */
const explorations = 4
/** Enough to read what is wrong. */
const shown = 10

/** Of all scenes of a file together. */
const rare = {
  'died inside a transaction': 80,
  'died between commit and answer': 80,
  'died with mail under way': 20,
  'died before an answer was heard': 10,
  'stalled inside a transaction': 80,
  'came back after a lease': 20,
}

/**
 * Puts small worlds through everything that can happen to the processes that work on them. The invariants of design §6 are looked
 * at by name after each (`invariants`). Beside the least numbers of a scene, all of them together must reach the rare: `atLeast`.
 */
export const crashSuite = (scenes: readonly Scene[], atLeast: { readonly [what: string]: number } = rare): void => {
  const total: { [what: string]: number } = {}
  let explored = 0
  const check = (findings: Findings, least: { readonly [what: string]: number }) => {
    explored += 1
    for (const [what, count] of Object.entries(findings.counts)) total[what] = (total[what] ?? 0) + count
    expect(findings.broken.slice(0, shown)).toEqual([])
    for (const [what, count] of Object.entries(least)) expect(findings.counts[what] ?? 0, what).toBeGreaterThanOrEqual(count)
  }

  describe.each(scenes)('$name', (scene) => {
    it('holds all the invariants undisturbed', async () => {
      expect(Object.keys(invariants).length).toBeGreaterThan(14)
      expect(violations(await undisturbed(scene))).toEqual([])
    })

    it('keeps nothing of a transaction that is broken at any request, and comes to the same end', {
      timeout: longest,
    }, async () => {
      check(await breakEverywhere(scene, await undisturbed(scene)), { 'broken inside a transaction': 60 })
    })

    it('comes to the same end where a process dies anywhere', { timeout: longest }, async () => {
      const least = { deaths: 20, lives: 10, 'died inside a transaction': 8, 'died between commit and answer': 8 }
      check(await dieEverywhere(scene, await undisturbed(scene)), least)
    })

    it('comes to the same end where a process stands still anywhere, and goes on later', { timeout: longest }, async () => {
      check(await stallEverywhere(scene, await undisturbed(scene)), { stalls: 20, 'stalled inside a transaction': 8 })
    })

    it('does not care whether a hint is lost or comes to two workers at once', async () => {
      check(await hintEverybody(scene, await undisturbed(scene)), {})
    })
  })

  /** Where only some of the tests were asked for, less is reached. */
  afterAll(() => {
    if (explored < scenes.length * explorations) return
    for (const [what, least] of Object.entries(atLeast)) expect(total[what] ?? 0, what).toBeGreaterThanOrEqual(least)
  })
}
