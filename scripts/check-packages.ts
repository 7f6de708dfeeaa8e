/**
 * Builds and packs every package, then looks at the tarballs as a user's machine would: publint and attw for their shape, and a
 * fresh project outside the workspace that installs them and sends a mail on plain Node, without the source condition.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packages } from './packages.ts'

const run = (command: string, args: readonly string[], cwd = '.') =>
  execFileSync(command, [...args], { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
const pnpm = ['-y', 'pnpm@12']

run('node', ['scripts/build.ts'])
const out = mkdtempSync(join(tmpdir(), 'tobiishi-pack-'))
try {
  const tarballs = new Map<string, string>()
  for (const { folder, manifest } of packages()) {
    cpSync('LICENSE', `${folder}/LICENSE`)
    run('npx', [...pnpm, 'pack', '--pack-destination', out], folder)
    const tarball = readdirSync(out).find((file) =>
      file.startsWith(`${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}`),
    )
    if (!tarball) throw new Error(`${manifest.name} was not packed`)
    tarballs.set(manifest.name, join(out, tarball))
    run('publint', ['run', join(out, tarball), '--strict'])
    run('attw', [join(out, tarball), '--profile', 'esm-only'])
  }
  useAsUser(tarballs)
  console.log(`${tarballs.size} tarballs are sound`)
} finally {
  rmSync(out, { recursive: true, force: true })
  for (const { folder } of packages()) rmSync(`${folder}/LICENSE`, { force: true })
}

/** A new project that knows only the tarballs. */
function useAsUser(tarballs: ReadonlyMap<string, string>): void {
  const project = join(out, 'user')
  mkdirSync(project)
  const overrides = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]))
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'user',
      private: true,
      type: 'module',
      dependencies: { ...overrides, 'better-sqlite3': '^13.2.0', zod: '^4.6.7' },
      devDependencies: {
        node: devDependencies.node,
        typescript: devDependencies.typescript,
        '@types/node': devDependencies['@types/node'],
        '@types/better-sqlite3': '^9.6.0',
      },
    }),
  )
  writeFileSync(
    join(project, 'pnpm-workspace.yaml'),
    `${JSON.stringify({ overrides, allowBuilds: { node: true }, minimumReleaseAge: 0 })}\n`,
  )
  cpSync(resolve('scripts/user-project.ts'), join(project, 'main.ts'))
  run('npx', [...pnpm, 'install', '--silent'], project)
  run(
    'npx',
    [
      ...pnpm,
      'exec',
      'tsc',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      'node',
      '--skipLibCheck',
      'main.ts',
    ],
    project,
  )
  run('npx', [...pnpm, 'exec', 'node', 'main.ts'], project)
}
