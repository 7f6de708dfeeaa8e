import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

/** Inside an example, so that the packages are found as a user's app would find them. */
const folder = 'examples/express/readme-check'
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const surroundings = `import type { Express } from 'express'
declare const app: Express
declare const signal: AbortSignal
`
describe('README', () => {
  it('has code that compiles', async () => {
    const [screen = '', test = ''] = [...readFileSync('README.md', 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)
    expect(screen).toContain('createTobiishi')
    expect(test).toContain('createTestTobiishi')
    mkdirSync(folder, { recursive: true })
    const [imports, body] = [screen.match(/^import .*$/gm) ?? [], screen.replace(/^import .*$/gm, '')]
    const testImports = test.match(/^import .*$/gm) ?? []
    const code = [...imports, ...testImports, surroundings, body, test.replace(/^import .*$/gm, '')].join('\n')
    writeFileSync(`${folder}/readme.ts`, code)
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({
        extends: '../../../tsconfig.json',
        include: ['readme.ts', '../../../packages/*/src/**/*.d.ts'],
        exclude: [],
      }),
    )
    const errors = await promisify(execFile)('tsc', ['-p', `${folder}/tsconfig.json`]).then(
      () => '',
      (error: { readonly stdout: string }) => error.stdout,
    )
    expect(errors).toBe('')
  })
})
