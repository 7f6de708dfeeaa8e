import { build } from 'tsup'

/**
 * Bundles TypeScript entries (name of the output: file) into ES modules, as they are published. Dependencies stay imports but
 * for those `inlined`.
 */
export const bundle = (
  entries: { readonly [name: string]: string },
  outDir: string,
  { inlined = [] }: { readonly inlined?: readonly string[] } = {},
): Promise<void> =>
  build({
    entry: { ...entries },
    outDir,
    format: 'esm',
    target: 'node22',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    config: false,
    silent: true,
    dts: false,
    skipNodeModulesBundle: true,
    noExternal: [...inlined],
  })
