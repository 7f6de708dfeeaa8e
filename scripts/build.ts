/** Builds every package: tsup bundles JavaScript an entry, tsc emits the declarations. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { bundle } from './bundle.ts'
import { packages } from './packages.ts'

/**
 * Kysely is 255 modules, which took half of the time in which core, storage and transport load, and most of an app's cold start.
 * The adapters take it from adapters-sql; its types stay those of the dependency.
 */
const inlinedBy: { readonly [folder: string]: readonly string[] } = { 'packages/adapters-sql': ['kysely'] }

for (const { folder, entries } of packages()) {
  rmSync(`${folder}/dist`, { recursive: true, force: true })
  const inlined = inlinedBy[folder] ?? []
  await bundle(
    Object.fromEntries(entries.map((entry) => [entry.replace(/^\.\/src\/|\.ts$/g, ''), `${folder}/${entry}`])),
    `${folder}/dist`,
    { inlined },
  )
  for (const name of inlined) copyFileSync(`${folder}/node_modules/${name}/LICENSE`, `${folder}/dist/${name}.LICENSE`)
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
