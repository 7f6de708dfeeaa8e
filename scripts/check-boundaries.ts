import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { problemsOf } from './boundaries.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file))
const problems = files.flatMap((file) => problemsOf(file, readFileSync(file, 'utf8')))
for (const problem of problems) console.error(problem)
console.log(`${files.length} files, ${problems.length} imports across a boundary`)
process.exitCode = problems.length === 0 ? 0 : 1
