import { parseArgs } from 'node:util'
import type { Place } from './open-storage.ts'
import { runChaos } from './run-chaos.ts'

/** `pnpm chaos [--seconds N] [--storage sqlite|postgres] [--contacts N] [--seed N]`: both storages unless one is named. */
const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      storage: { type: 'string' },
      contacts: { type: 'string', default: '3000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  })
  for (const storage of storagesOf(values.storage)) {
    const numbers = { seconds: Number(values.seconds), contacts: Number(values.contacts), seed: Number(values.seed) }
    console.log(`${storage}: faults for ${numbers.seconds} s, seed ${numbers.seed}`)
    const { violations, counts } = await runChaos({ storage, ...numbers })
    for (const [what, count] of Object.entries(counts)) console.log(`  ${what.padEnd(20)} ${count}`)
    for (const violation of violations.slice(0, 50)) console.log(`  VIOLATION: ${violation}`)
    console.log(violations.length === 0 ? '  every invariant held' : `  ${violations.length} violations`)
    if (violations.length > 0) process.exitCode = 1
  }
}

const storagesOf = (named: string | undefined): readonly Place['kind'][] => {
  if (named === undefined) return ['sqlite', 'postgres']
  if (named === 'sqlite' || named === 'postgres') return [named]
  throw new Error(`There is no storage "${named}": sqlite or postgres.`)
}

await main()
