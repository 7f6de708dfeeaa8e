import { readdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Bench } from './lib/bench.ts'
import { printFigure } from './lib/figure.ts'

/** `pnpm bench NAME [--quick]`: runs bench/NAME/index.ts and prints one JSON line a figure. Everything else goes to stderr. */
const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false } } })
  const names = await benchNames()
  const [name] = positionals
  if (name === undefined || !names.includes(name)) {
    console.error(
      `Usage: pnpm bench NAME [--quick]. ${name === undefined ? '' : `There is no bench "${name}". `}Benches: ${names.join(', ')}.`,
    )
    process.exitCode = 2
    return
  }
  const { bench } = (await import(`./${name}/index.ts`)) as { readonly bench: Bench }
  for await (const figure of bench({ isQuick: values.quick })) printFigure(figure)
}

/** Every folder with an index.ts. */
const benchNames = async (): Promise<string[]> => {
  const found: string[] = []
  for (const entry of await readdir(import.meta.dirname, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'node_modules') continue
    if ((await readdir(`${import.meta.dirname}/${entry.name}`)).includes('index.ts')) found.push(entry.name)
  }
  return found.sort()
}

await main()
