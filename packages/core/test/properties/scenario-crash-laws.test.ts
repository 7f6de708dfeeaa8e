import { expect, it } from 'vitest'
import { hour } from '../../src/domain/time/instant.ts'
import { dieEverywhere, stallEverywhere, undisturbed } from '../crash/explore.ts'
import type { Ending } from '../crash/invariants.ts'
import type { Act, Scene } from '../crash/scene.ts'
import { again, quiet } from '../crash/scenes/managing.ts'
import type { Snapshot } from '../crash/snapshot.ts'

/** The quiet scene with something that must not matter, while one contact waits and mail of another is queued. */
const disturbed = (name: string, acts: readonly Act[]): Scene => ({
  ...quiet,
  name,
  releases: [...quiet.releases, again],
  acts: [...quiet.acts, ...acts],
})

const pausedAtOnce = disturbed('paused and resumed at once', [
  { at: 20 * hour, run: (mail) => mail.scenarios.pause('course') },
  { at: 20 * hour, run: (mail) => mail.scenarios.resume('course', { missed: 'shift' }) },
])
const migrated = disturbed('migrated to an identical version', [{ at: 20 * hour, release: 1 }])

const ofVersions = /^(version|job|scenario) /
const version = /"(version|scenarioVersion)":\d+,/g

/** What is said of the versions is left out. */
const versionless = ({ snapshot }: Ending): Snapshot =>
  new Map([...snapshot].flatMap(([subject, text]) => (ofVersions.test(subject) ? [] : [[subject, text.replaceAll(version, '')]])))

it.each([pausedAtOnce, migrated])('being $name is a no-op', async (scene) => {
  const base = await undisturbed(quiet)
  const ending = await undisturbed(scene)
  expect([...versionless(ending)]).toEqual([...versionless(base)])
  expect(ending.times).toEqual(base.times)
})

it.each([pausedAtOnce, migrated])('being $name is a no-op wherever a process dies', { timeout: 120_000 }, async (scene) => {
  const { broken, counts } = await dieEverywhere(scene, await undisturbed(scene))
  expect(broken.slice(0, 10)).toEqual([])
  expect(counts.deaths).toBeGreaterThan(50)
})

/** Who stands still between pausing and resuming makes a pause of it, so this is asked of the migration alone. */
it('being migrated to an identical version is a no-op wherever a process stands still', { timeout: 120_000 }, async () => {
  const { broken, counts } = await stallEverywhere(migrated, await undisturbed(migrated))
  expect(broken.slice(0, 10)).toEqual([])
  expect(counts.stalls).toBeGreaterThan(50)
})
