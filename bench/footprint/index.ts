import { execFile, execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../scripts/bundle.ts'
import { contentOf } from '../compose/nodemailer-compose.ts'
import { composeInputs, prepareNewsletter } from '../fixtures/prepare-newsletter.ts'
import type { Bench } from '../lib/bench.ts'
import { figureOf, note } from '../lib/figure.ts'
import { interleave } from '../lib/interleave.ts'
import { median } from '../lib/median.ts'
import { startSink } from '../send/start-sink.ts'
import type { Felt } from './watch-loop.ts'

const run = promisify(execFile)
/** Where the host apps are as an app would run them: JavaScript that imports what is published, without the loader of TypeScript. */
const hosts = join(import.meta.dirname, '../node_modules/.footprint')
const poolMails = join(hosts, 'pool-mails.json')
const connections = 20
/**
 * The other end thinks for so long that so many connections pass somewhat more than 500 mails a second: a mail's turn takes
 * 6 to 10 ms beside it, for three round trips of SMTP and a place in the next transaction.
 */
const latency = 26

/**
 * What a host app pays: delay of its event loop while about 500 mails/s go out (99th percentile, idle subtracted, SQLite on the
 * real disk) and resident memory, beside an app that sends the same mails through a bare nodemailer pool; and the time that
 * importing core, storage and transport adds to the start of Node. Run `pnpm build` before: what is imported is what is published.
 */
export const bench: Bench = async function* ({ isQuick }) {
  const mails = isQuick ? 1_500 : 10_000
  const rounds = isQuick ? 1 : 3
  const here = (name: string) => join(import.meta.dirname, `${name}-host.ts`)
  await bundle({ 'our-host': here('our'), 'pool-host': here('pool') }, hosts)
  await writeFile(poolMails, JSON.stringify(await contents()))
  const sink = await startSink({ latency })
  const felt = { ours: [] as Felt[], pool: [] as Felt[] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['ours', 'pool'] as const) {
        const one = await host(side, sink.port, mails)
        felt[side].push(one)
        note(`${side}: ${JSON.stringify(one)}`)
        await sink.counts()
      }
    }
  } finally {
    sink.stop()
  }
  const middle = (side: 'ours' | 'pool', key: keyof Felt) => median(felt[side].map((one) => one[key]))
  const common = {
    better: 'lower',
    extra: { mails, rounds, 'mails-per-second': Math.round(middle('ours', 'mailsPerSecond')) },
  } as const
  yield figureOf({
    ...common,
    name: 'footprint/loop-p99',
    ours: middle('ours', 'p99'),
    baseline: middle('pool', 'p99'),
    unit: 'ms',
  })
  yield figureOf({
    ...common,
    name: 'footprint/resident',
    ours: middle('ours', 'resident'),
    baseline: middle('pool', 'resident'),
    unit: 'MB',
  })
  yield await importFigure(isQuick)
}

const host = async (side: 'ours' | 'pool', port: number, mails: number): Promise<Felt> => {
  const args = [join(hosts, `${side === 'ours' ? 'our' : 'pool'}-host.js`), ...[port, mails, connections].map(String), poolMails]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 20 })
  return JSON.parse(stdout) as Felt
}

/** A few hundred different mails for the pool. */
const contents = async () => {
  const template = await prepareNewsletter()
  return composeInputs(300).map((input) => ({
    ...contentOf(template, input),
    envelope: template.compose(input).envelope,
  }))
}

const imports = `await Promise.all([import('@tobiishi/core'), import('@tobiishi/adapters-sqlite'), import('@tobiishi/transport-smtp')])`

const importFigure = async (isQuick: boolean) => {
  const timed = (code: string) => () => {
    const started = performance.now()
    execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return performance.now() - started
  }
  const times = await interleave({ ours: timed(imports), bare: timed('') }, { rounds: isQuick ? 3 : 11, warmUp: 2 })
  return figureOf({
    name: 'footprint/import',
    better: 'lower',
    ours: times.ours,
    baseline: times.bare,
    unit: 'ms',
    extra: { 'over-bare-node': Math.round(times.ours - times.bare) },
  })
}
