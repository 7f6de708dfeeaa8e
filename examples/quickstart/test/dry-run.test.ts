import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { dryRun } from '../dry-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tobiishi-dry-run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const dryRunOf = async (text: string): Promise<{ readonly text: string; readonly code: number }> => {
  const path = join(folder, 'customers.csv')
  writeFileSync(path, text)
  return dryRunAt(path)
}
const dryRunAt = async (path: string) => {
  const lines: string[] = []
  const code = await dryRun(path, (line) => lines.push(line))
  return { text: lines.join('\n'), code }
}

describe("a dry run of the reader's own file", () => {
  it('says which headings it reads, which it lacks and which it leaves alone', async () => {
    const { text, code } = await dryRunOf('顧客ID,氏名,Ｅ－ｍａｉｌ,メルマガ(希望),電話\n1,山田,a@example.jp,希望する,03\n')
    expect(code).toBe(0)
    expect(text).toContain('会員番号(見出しは「顧客ID」)')
    expect(text).toContain('メールアドレス(見出しは「Ｅ－ｍａｉｌ」)')
    expect(text).toContain('メルマガ(見出しは「メルマガ(希望)」)')
    expect(text).toMatch(/ファイルにない列.*登録日/)
    expect(text).toContain('使わない見出し: 電話')
    expect(text).toContain('送るとしたら 1 名')
  })

  it('takes a customer whose day of registration cannot be read, with a hint', async () => {
    const { text } = await dryRunOf('会員番号,メールアドレス,メルマガ,登録日\n1,a@example.jp,希望する,いつか\n')
    expect(text).toContain('取り込めるもの 1 名')
    expect(text).toContain('確認 2 行目「登録日」')
  })

  it('lists the headings that it knows where it finds none', async () => {
    const { text, code } = await dryRunOf('a,b\n1,2\n')
    expect(code).toBe(2)
    expect(text).toContain('会員番号、顧客ID、顧客番号、ID、customer id、member id … 必須')
  })

  it.each([
    ['an empty file', () => dryRunOf('\ufeff\n'), 'は空です'],
    ['a quotation mark that nobody closed', () => dryRunOf('会員番号,姓\n1,"a\n2,b\n'), '3 行目で読めなくなります'],
    ['an Excel workbook', () => dryRunOf('PK\u0003\u0004rest'), 'Excel のブック'],
    ['a folder', () => dryRunAt(folder), 'フォルダーです'],
    ['no file at all', () => dryRunAt(join(folder, 'none.csv')), 'がありません'],
  ])('has a sentence for %s', async (_what, run, sentence) => {
    const { text, code } = await run()
    expect(text).toContain(sentence)
    expect(code).toBe(2)
  })
})

describe('a command line that says something else', () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  it.each(['--dry-run', 'customers.csv', '--bogus', '--customers', '--customers --dry-run', '--out='])(
    'is answered with the usage: %s',
    (line) => {
      const { status, stderr } = spawnSync(process.execPath, ['--conditions=@tobiishi/source', main, ...line.split(' ')], {
        encoding: 'utf8',
      })
      expect(stderr).toContain('quickstart --customers FILE --dry-run')
      expect(status).toBe(2)
    },
  )
})
