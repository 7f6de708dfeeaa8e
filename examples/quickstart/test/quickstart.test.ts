import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { afterAll, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tobiishi-quickstart-'))
const out = join(folder, 'out')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=@tobiishi/source', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

/** What it printed until it ended, by itself or because a line matched and it was killed there. */
const watch = (child: ChildProcess, killAt?: RegExp): Promise<{ readonly text: string; readonly code: number | null }> =>
  new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (killAt?.test(text)) child.kill('SIGKILL')
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ text, code }))
  })

describe('the quickstart', () => {
  it('goes on after a kill, ends reconciled, and has nothing left to send', async () => {
    const killed = await watch(start('--out', out), /20日目/)
    expect(killed.code).toBeNull()

    const finished = await watch(start('--out', out))
    expect(finished.text).toContain('から再開します')
    expect(finished.text).not.toContain('✗')
    expect(finished.text).toContain('45日目')
    expect(finished.code).toBe(0)

    const again = await watch(start('--out', out))
    expect(again.text).toContain('0 通')
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
    expect(mails.length).toBeGreaterThan(2)
    const mail = await simpleParser(readFileSync(join(out, 'eml', mails[0] ?? '')))
    expect(mail.text).toBeTruthy()
    expect(mail.subject).toBeTruthy()
  })

  it("shows what it would do with the reader's own file", async () => {
    const customers = fileURLToPath(new URL('../data/customers.csv', import.meta.url))
    const { text, code } = await watch(start('--customers', customers, '--dry-run'))
    expect(code).toBe(0)
    expect(text).toContain('取り込めないもの 11 行')
    expect(text).toContain('同意の記録がない')
  }, 60_000)
})
