/** Builds every package: tsup bundles JavaScript an entry, tsc emits the declarations. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { build } from 'tsup'
import { packages } from './packages.ts'

for (const { folder, entries } of packages()) {
  rmSync(`${folder}/dist`, { recursive: true, force: true })
  await build({
    entry: Object.fromEntries(entries.map((entry) => [entry.replace(/^\.\/src\/|\.ts$/g, ''), `${folder}/${entry}`])),
    outDir: `${folder}/dist`,
    format: 'esm',
    target: 'node22',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    config: false,
    silent: true,
    dts: false,
    skipNodeModulesBundle: true,
  })
}

const project = 'tsconfig.build.json'
writeFileSync(
  project,
  JSON.stringify({
    extends: './tsconfig.json',
    compilerOptions: {
      noEmit: false,
      emitDeclarationOnly: true,
      declaration: true,
      stripInternal: true,
      rewriteRelativeImportExtensions: true,
      rootDir: '.',
      outDir: 'dist-types',
    },
    include: ['packages/*/src'],
    exclude: ['**/*.test.ts', '**/dist', '**/node_modules'],
  }),
)
try {
  execFileSync('tsc', ['-p', project], { stdio: 'inherit' })
  for (const { folder } of packages()) execFileSync('cp', ['-R', `dist-types/${folder}/src/.`, `${folder}/dist`])
} finally {
  rmSync(project, { force: true })
  rmSync('dist-types', { recursive: true, force: true })
}
console.log(`${packages().length} packages built`)
