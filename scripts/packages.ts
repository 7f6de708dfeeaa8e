import { readdirSync, readFileSync } from 'node:fs'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: { readonly [path: string]: string | { readonly '@tobiishi/source': string } }
}

export interface Package {
  readonly folder: string
  readonly manifest: Manifest
  /** Source files behind the public entry points. */
  readonly entries: readonly string[]
}

/** The packages that are published. */
export const packages = (): Package[] =>
  readdirSync('packages').map((name) => {
    const folder = `packages/${name}`
    const manifest: Manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const entries = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [] : [target['@tobiishi/source']],
    )
    return { folder, manifest, entries }
  })
