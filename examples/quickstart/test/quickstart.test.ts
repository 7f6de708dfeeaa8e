import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { afterAll, describe, expect, it } from 'vitest'
import { subjects } from '../report/subjects.ts'
import { openLedger } from '../world/ledger.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tobiishi-quickstart-'))
const out = join(folder, 'out')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=@tobiishi/source', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

interface Kill {
  readonly at: RegExp
  /** Milliseconds from the line to the SIGKILL: the line is printed before the work that is to be cut off. */
  readonly after: number
}

/** What it printed until it ended, by itself or because a line matched and it was killed soon after. */
const watch = (child: ChildProcess, kill?: Kill): Promise<{ readonly text: string; readonly code: number | null }> =>
  new Promise((resolve, reject) => {
    let text = ''
    let killer: ReturnType<typeof setTimeout> | undefined
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (kill?.at.test(text)) killer ??= setTimeout(() => child.kill('SIGKILL'), kill.after)
    })
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(killer)
      resolve({ text, code })
    })
  })

const newslettersArrived = (): number => {
  const ledger = openLedger(join(out, 'world.db'))
  const [{ count } = { count: 0 }] = ledger.ask<{ count: number }>(
    `SELECT count(*) AS count FROM mail WHERE subject LIKE '%秋号'`,
  )
  ledger.close()
  return count
}

describe('the quickstart', () => {
  it('goes on after a kill amid a delivery, ends reconciled, and has nothing left to send', async () => {
    const killed = await watch(start('--out', out), { at: /メルマガ: 対象/, after: 500 })
    expect(killed.code).toBeNull()
    const willReceive = Number(/配信 (\d+) 名/.exec(killed.text)?.[1])
    const arrived = newslettersArrived()
    expect(arrived).toBeGreaterThan(0)
    expect(arrived).toBeLessThan(willReceive / 2)

    const finished = await watch(start('--out', out))
    expect(finished.text).toContain('から再開します')
    expect(finished.text).not.toContain('✗')
    expect(finished.text).toContain('✓ 同じメールの2通目 / duplicates: 0 = 0')
    expect(finished.text).toContain('45日目')
    expect(finished.code).toBe(0)
    expect(newslettersArrived()).toBeGreaterThan(willReceive / 2)

    const again = await watch(start('--out', out))
    expect(again.text).toContain(': 0 通')
    expect(again.code).toBe(0)
  }, 240_000)

  it('leaves a report, an error list and a few mails', async () => {
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    expect(report).toContain('架空データ')
    expect(report).toContain('<svg')
    const errors = readFileSync(join(out, 'errors.csv'), 'utf8')
    expect(errors.startsWith('\ufeff理由,')).toBe(true)
    expect(errors).toContain(`"'=HYPERLINK`)
    const mails = readdirSync(join(out, 'eml'))
    expect(mails.toSorted()).toEqual(['lesson.eml', 'newsletter.eml', 'receipt.eml', 'welcome.eml', 'win-back.eml'])
    const mail = await simpleParser(readFileSync(join(out, 'eml', 'lesson.eml')))
    expect(mail.text).toContain('第1回は石の置きかたです')
  })

  it('shows each step under the subject that it was sent with', () => {
    const ledger = openLedger(join(out, 'world.db'))
    const unknown = Object.values(subjects).filter((subject) => ledger.sample(subject) === null)
    ledger.close()
    expect(unknown).toEqual([])
  })

  it("shows what it would do with the reader's own file", async () => {
    const customers = fileURLToPath(new URL('../data/customers.csv', import.meta.url))
    const { text, code } = await watch(start('--customers', customers, '--dry-run'))
    expect(code).toBe(0)
    expect(text).toContain('取り込めないもの 11 行')
    expect(text).toContain('同意の記録がない')
  }, 60_000)
})
