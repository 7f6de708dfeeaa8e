import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'
import { WalSync } from '../src/wal-sync.ts'
import { entry, waitingKeys } from './entries.ts'
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'

let app: TemporaryDatabase

beforeEach(async () => {
  app = await temporaryDatabase()
})

afterEach(() => app.remove())

test('what a killed process leaves behind, file and log, holds everything that was answered', async () => {
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  await storage.append([entry('o1')])
  await storage.append([entry('o2')])
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-sqlite-'))
  const copy = join(folder, 'copy.db')
  await copyFile(app.file, copy)
  await copyFile(`${app.file}-wal`, `${copy}-wal`)
  const restored = sqliteStorage({ database: copy })
  expect(await waitingKeys(restored)).toEqual(['o1', 'o2'])
  await restored.close()
  await storage.close()
  await rm(folder, { recursive: true })
})

test('a flush covers only what was written before it began: later callers wait for the next one, together', async () => {
  const starts: (() => void)[] = []
  const sync = new WalSync(async () => ({
    datasync: () => new Promise<void>((resolve) => starts.push(resolve)),
    close: async () => {},
  }))
  const settled: string[] = []
  const asked = (name: string) => sync.flush().then(() => settled.push(name))
  const first = asked('first')
  await expect.poll(() => starts.length).toBe(1)
  const others = [asked('second'), asked('third')]
  starts[0]?.()
  await first
  await expect.poll(() => starts.length).toBe(2)
  expect(settled).toEqual(['first'])
  starts[1]?.()
  await Promise.all(others)
  expect(settled).toEqual(['first', 'second', 'third'])
  expect(starts).toHaveLength(2)
})

test('a disk that cannot sync fails the commits that waited for it, and the next flush tries again', async () => {
  let isBroken = true
  const sync = new WalSync(async () => ({
    datasync: async () => {
      if (isBroken) throw new Error('EIO')
    },
    close: async () => {},
  }))
  await expect(sync.flush()).rejects.toThrow('EIO')
  isBroken = false
  await sync.flush()
})

test('a storage that is forgotten without close warns of nothing and leaves no file open', async () => {
  const script = fileURLToPath(new URL('./forgotten-process.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@tobiishi/source', script, app.file])
  expect(JSON.parse(stdout)).toEqual({ warnings: [], open: 0 })
})
