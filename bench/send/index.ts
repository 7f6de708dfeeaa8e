import assert from 'node:assert/strict'
import { contentOf } from '../compose/nodemailer-compose.ts'
import { composeInputs, prepareNewsletter } from '../fixtures/prepare-newsletter.ts'
import type { Bench } from '../lib/bench.ts'
import { type Figure, figureOf, note } from '../lib/figure.ts'
import { interleave } from '../lib/interleave.ts'
import { throughPool } from './nodemailer-pool.ts'
import { ourJob } from './our-job.ts'
import { type Sink, startSink } from './start-sink.ts'
import { storages } from './storages.ts'

const connections = 20

/**
 * The whole job (claim, decide, render, mark, send, record) from queued messages to the last record, against a bare nodemailer
 * pool without a database: given html and text (`vs-pool`), and given finished bytes (`vs-raw`). Same connections, no TLS, no
 * DKIM, one sink process, real disk. Every round counts what arrived: as many as were recorded, none twice.
 */
export const bench: Bench = async function* ({ isQuick }) {
  const mails = isQuick ? 1_000 : 3_000
  const rounds = isQuick ? 3 : 7
  const template = await prepareNewsletter()
  const inputs = composeInputs(mails)
  const contents = inputs.map((input) => ({ ...contentOf(template, input), envelope: template.compose(input).envelope }))
  const finished = inputs.map((input) => {
    const { raw, envelope } = template.compose(input)
    return { raw: Buffer.from(raw), envelope }
  })
  const sink = await startSink()
  try {
    for (const [name, open] of Object.entries(storages)) {
      note(`${name}: ${mails} mails a round, ${connections} connections`)
      const { storage, remove } = await open()
      const job = await ourJob(storage, { port: sink.port, connections, mails })
      const rates = await interleave(
        {
          ours: counted(sink, mails, job.round),
          pool: counted(sink, mails, () => throughPool(contents, sink.port, connections)),
          raw: counted(sink, mails, () => throughPool(finished, sink.port, connections)),
        },
        { rounds },
      )
      await job.close()
      await remove()
      yield* figures(name, rates, { connections, mails, rounds, bytes: finished[0]?.raw.length ?? 0 })
    }
  } finally {
    sink.stop()
  }
}

const counted = (sink: Sink, mails: number, round: () => Promise<number>) => async (): Promise<number> => {
  const rate = await round()
  assert.deepEqual(await sink.counts(), { mails, distinct: mails }, 'what arrived is not what was sent')
  return rate
}

function* figures(
  name: string,
  { ours, pool, raw }: { readonly ours: number; readonly pool: number; readonly raw: number },
  extra: NonNullable<Figure['extra']>,
): Iterable<Figure> {
  const common = { better: 'higher', ours, unit: 'mails/s', extra } as const
  yield figureOf({ name: `send/${name}/vs-pool`, baseline: pool, ...common })
  yield figureOf({ name: `send/${name}/vs-raw`, baseline: raw, ...common })
}
