import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `quickstart                                架空のショップの45日間。もう一度実行すると続きから / 45 virtual days of a fictitious shop; again: goes on
quickstart --reset                        はじめから / from the start
quickstart --out FOLDER                   結果の置き場所 / where the results go
quickstart --customers FILE --dry-run     自社のファイルで何が取り込まれ、誰に送られるか(通信なし) / what would become of your own file; no network`

/** Everything that a run leaves in its folder, which may hold other things too. */
const written = [
  ...['world.db', 'mail.db'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
  'report.html',
  'errors.csv',
  'eml',
]

const say = (line: string): void => console.log(line)

/** null where the command line says something that is not understood. */
const understood = () => {
  try {
    const { values } = parseArgs({
      options: {
        customers: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        out: { type: 'string', default: fileURLToPath(new URL('out', import.meta.url)) },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const isComplete = values.customers !== '' && values.out !== '' && (!values['dry-run'] || values.customers !== undefined)
    return isComplete || values.help ? values : null
  } catch {
    return null
  }
}

const main = async (): Promise<number> => {
  const values = understood()
  if (values === null) {
    console.error(usage)
    return 2
  }
  if (values.help) {
    say(usage)
    return 0
  }
  if (values.customers !== undefined) {
    if (!values['dry-run']) {
      console.error(
        '--customers は --dry-run と一緒に使います。quickstart が自社の顧客に送ることはありません / works with --dry-run only: the quickstart never mails your own customers',
      )
      return 2
    }
    const { dryRun } = await import('./dry-run.ts')
    return dryRun(values.customers, say)
  }
  if (values.reset) for (const name of written) rmSync(join(values.out, name), { recursive: true, force: true })
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
  const { TobiishiError } = await import('@tobiishi/core')
  console.error(TobiishiError.is(error) ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
}
