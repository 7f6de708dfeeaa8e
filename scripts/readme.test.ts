import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Inside an example, so that the packages are found as a user's app would find them. */
const folder = 'examples/express/readme-check'
const run = promisify(execFile)

/** The blocks of a document as one module, its imports first. */
const moduleOf = (blocks: readonly string[], surroundings: string): string => {
  const isImport = /^import .*$/gm
  const imports = new Set(blocks.flatMap((block) => block.match(isImport) ?? []))
  return [...imports, surroundings, ...blocks.map((block) => block.replace(isImport, ''))].join('\n')
}

const blocksOf = (document: string): readonly string[] =>
  [...readFileSync(document, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

/** What the compiler complains about. */
const compile = async (name: string, code: string): Promise<string> => {
  writeFileSync(`${folder}/${name}.ts`, code)
  const config = {
    extends: '../../../tsconfig.json',
    include: [`${name}.ts`, '../../../packages/*/src/**/*.d.ts'],
    exclude: [],
  }
  writeFileSync(`${folder}/tsconfig.${name}.json`, JSON.stringify(config))
  return await run('tsc', ['-p', `${folder}/tsconfig.${name}.json`]).then(
    () => '',
    (error: { readonly stdout: string }) => error.stdout,
  )
}

beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('README', () => {
  const surroundings = `import type { Express } from 'express'
declare const app: Express
declare const signal: AbortSignal
`
  it('has code that compiles', async () => {
    const blocks = blocksOf('README.md')
    expect(blocks[0]).toContain('createTobiishi')
    expect(blocks[1]).toContain('createTestTobiishi')
    expect(await compile('readme', moduleOf(blocks, surroundings))).toBe('')
  })
})

/** What a guide calls `settings`. */
const app = `import { memoryStorage } from '@tobiishi/core/memory'
import { outboxTransport } from '@tobiishi/core/testing'
const sender = { legalName: '株式会社飛石', displayName: '飛石ショップ', email: 'news@example.jp', postalAddress: '東京都千代田区1-1', contact: '03-0000-0000' }
const settings = {
  storage: memoryStorage(), transport: outboxTransport(), senders: { default: sender }, baseUrl: 'https://example.jp/mail',
  secrets: [{ id: 'k1', value: 'a secret for tests, long enough to pass' }], addressKey: 'an address key for tests, long enough',
}
`

describe('docs/scenarios.md', () => {
  const surroundings = `${app}
declare const shop: { giveCoupon(contactId: string, payload: object, options: object): Promise<void> }
`
  const guide = moduleOf(blocksOf('docs/scenarios.md'), surroundings)

  it('has code that compiles', async () => {
    expect(guide).toContain('waitFor')
    expect(await compile('scenarios', guide)).toBe('')
  })

  it('has code that runs, in the order in which it stands there', async () => {
    const outcome =
      'console.log(JSON.stringify({ moves, refused, wouldEnter, days: days.length, uncertain, findings: findings.length }))'
    writeFileSync(`${folder}/guide.ts`, `${guide}\n${outcome}\n`)
    const { stdout } = await run(process.execPath, ['--conditions=@tobiishi/source', `${folder}/guide.ts`])
    expect(stdout).toContain('{ hello: { sent: 2, skipped: 0 }, tips: { sent: 1, skipped: 0 } }')
    expect(stdout).toContain('flowchart TD')
    const last = { moves: [], refused: [], wouldEnter: 0, days: 14, uncertain: 0 }
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject(last)
  })
})

describe('docs/scenarios.ja.md', () => {
  const surroundings = `${app}
declare const crm: { addTask(contactId: string, payload: object, options: object): Promise<void> }
`
  const guide = moduleOf(blocksOf('docs/scenarios.ja.md'), surroundings)

  it('has code that compiles', async () => {
    expect(guide).toContain('waitFor')
    expect(await compile('scenarios-ja', guide)).toBe('')
  })

  it('has code that runs, in the order in which it stands there, with the outcome that it tells', async () => {
    const outcome =
      'console.log(JSON.stringify({ mistakes, wouldEnter, matching, days: days.length, uncertain, findings: findings.length, isDue: nextAt !== null }))'
    writeFileSync(`${folder}/guide-ja.ts`, `${guide}\n${outcome}\n`)
    const { stdout } = await run(process.execPath, ['--conditions=@tobiishi/source', `${folder}/guide-ja.ts`])
    expect(stdout).toContain('{ hello: { sent: 2, skipped: 0 }, tips: { sent: 1, skipped: 0 } }')
    expect(stdout).toContain('flowchart TD')
    expect(stdout).toContain('1以上にしてください（現在の値: 0）。')
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      mistakes: [],
      wouldEnter: 0,
      matching: 1,
      days: 14,
      uncertain: 0,
      findings: 3,
      isDue: true,
    })
  })
})
