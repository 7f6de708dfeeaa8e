import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { note } from './figure.ts'
import { median } from './median.ts'

/** One side of a comparison: does one round of its work and says how fast it was, in its unit per second. */
export type Round = () => number | Promise<number>

export interface InterleaveOptions {
  readonly rounds: number
  /** Rounds of each side that do not count. Default 1. */
  readonly warmUp?: number
}

/**
 * Runs the sides in turns and returns the median of each, so that a machine that gets slower or faster meanwhile does so for
 * all. The order turns round at each round. Rounds are noted on stderr.
 */
export const interleave = async <Side extends string>(
  sides: { readonly [side in Side]: Round },
  { rounds, warmUp = 1 }: InterleaveOptions,
): Promise<{ readonly [side in Side]: number }> => {
  const names = Object.keys(sides) as Side[]
  const seen = Object.fromEntries(names.map((name) => [name, [] as number[]])) as { [side in Side]: number[] }
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      collectGarbage()
      const value = await sides[name]()
      if (round >= 0) seen[name].push(value)
    }
    if (round >= 0)
      note(`round ${round + 1}/${rounds}: ${names.map((name) => `${name} ${Math.round(seen[name].at(-1) ?? 0)}/s`).join(', ')}`)
  }
  return Object.fromEntries(names.map((name) => [name, median(seen[name])])) as { [side in Side]: number }
}

/** So that no side pays for what another left behind. */
const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/**
 * Calls of `work` per second of processor time, all threads of this process counted, run for at least `milliseconds`: for work
 * that never waits. Time that other processes take from it does not count, so a busy machine gives the same figure as a quiet
 * one. `work` gets the number of the call.
 */
export const rate = async (work: (call: number) => unknown, milliseconds: number): Promise<number> => {
  let calls = 0
  const until = process.hrtime.bigint() + BigInt(milliseconds) * 1_000_000n
  const before = process.cpuUsage()
  while (process.hrtime.bigint() < until) {
    for (let batch = 0; batch < 16; batch++) {
      const result = work(calls++)
      if (result instanceof Promise) await result
    }
  }
  const { user, system } = process.cpuUsage(before)
  return calls / ((user + system) / 1e6)
}
