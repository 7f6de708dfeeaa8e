import { describe, expect, it } from 'vitest'
import { problemsOf } from './boundaries.ts'

describe('boundaries', () => {
  it.each([
    ['packages/core/src/domain/segment/x.ts', "import { createHash } from 'node:crypto'"],
    ['packages/core/src/domain/segment/x.ts', "import type { Storage } from '../../ports/storage/index.ts'"],
    ['packages/core/src/domain/x.ts', 'export const now = () => Date.now()'],
    ['packages/core/src/define/x.ts', "export * from '../engine/tobiishi.ts'"],
    ['packages/core/src/memory/x.ts', "import { advance } from '../engine/advance/advance.ts'"],
    ['packages/core/src/ports/x.ts', "import {\n  a,\n  b,\n} from '../engine/tobiishi.ts'"],
    ['packages/adapters-sqlite/src/x.ts', "import { postgresStorage } from '@tobiishi/adapters-postgres'"],
    ['packages/conformance/src/x.ts', "const storage = await import('@tobiishi/adapters-sqlite')"],
    ['packages/transport-smtp/src/x.ts', "import 'kysely'"],
    ['examples/quickstart/x.ts', "import { x } from '../../packages/core/src/index.ts'"],
  ])('refuses in %s: %s', (file, text) => expect(problemsOf(file, text)).toHaveLength(1))

  it.each([
    ['packages/core/src/domain/segment/x.ts', "import { day } from '../time/instant.ts'\nimport * as z from 'zod'"],
    ['packages/core/src/engine/x.ts', "import { createHash } from 'node:crypto'\nimport { routes } from '../message/signer.ts'"],
    ['packages/adapters-sqlite/src/x.ts', "import { sqlStorage } from '@tobiishi/adapters-sql'"],
    ['packages/core/src/memory/x.test.ts', "import { storageSuite } from '@tobiishi/conformance'"],
    ['examples/quickstart/x.ts', "import { column } from '@tobiishi/core/import'"],
  ])('allows in %s: %s', (file, text) => expect(problemsOf(file, text)).toEqual([]))
})
