import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { TobiishiError } from '@tobiishi/core'

const { values } = parseArgs({
  options: {
    customers: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('out', import.meta.url)) },
    reset: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})

const usage = `quickstart                                45 virtual days of a fictitious shop; again: goes on, or says that all is done
quickstart --reset                        from the start
quickstart --customers FILE --dry-run     what would be taken, refused and mailed of your own file; no network`

const say = (line: string): void => console.log(line)

const main = async (): Promise<number> => {
  if (values.help) {
    say(usage)
    return 0
  }
  if (values.customers !== undefined) {
    if (!values['dry-run']) {
      say('--customers works with --dry-run only: the quickstart never mails your own customers.')
      return 2
    }
    const { dryRun } = await import('./dry-run.ts')
    return dryRun(values.customers, say)
  }
  if (values.reset) rmSync(values.out, { recursive: true, force: true })
  const startedAt = performance.now()
  say('Tobiishi quickstart: 架空のショップの45日間 / 45 days of a fictitious shop')
  const { run } = await import('./run.ts')
  const { sent, isReconciled } = await run({ out: values.out, say })
  say(
    sent === 0
      ? '\n送るものはもうありません: 0 通 / nothing left to send: 0 mails (--reset starts again)'
      : `\n${sent} 通を ${((performance.now() - startedAt) / 1000).toFixed(1)} 秒で送りました`,
  )
  return isReconciled ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(TobiishiError.is(error) ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
}
