import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=@tobiishi/source', `${import.meta.dirname}/main.ts`, ...args], { encoding: 'utf8' })

test('an unknown name lists the benches and fails', () => {
  const { status, stdout, stderr } = bench('nothing-like-this')
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/There is no bench "nothing-like-this"\. Benches: .*compose, .*render/)
})

test('a bench prints its figure as one line of JSON', () => {
  const { status, stdout } = bench('compose', '--quick')
  expect(status).toBe(0)
  const figure = JSON.parse(stdout.trim())
  expect(figure).toMatchObject({ name: 'compose/vs-mailcomposer', better: 'higher', unit: 'mails/s of CPU' })
  expect(figure.ratio).toBeCloseTo(figure.ours / figure.baseline, 0)
})
