import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { aContact, aMessage, aQueueEntry } from '@tobiishi/conformance'
import { expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'
import { temporaryDatabase } from './temporary-database.ts'

const script = fileURLToPath(new URL('./claim-process.ts', import.meta.url))

/** A claiming process: `ready` when it waits for mail, `claimed` when it found no more. */
const startClaimer = (file: string) => {
  const child = spawn(process.execPath, ['--conditions=@tobiishi/source', script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async (): Promise<string> => (await lines.next()).value ?? ''
  const ready = line()
  return { ready, claimed: ready.then(line).then((text) => JSON.parse(text) as string[]) }
}

test('two processes claim from one file: each mail goes to exactly one of them', async () => {
  const app = await temporaryDatabase()
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  const claimers = [1, 2].map(() => startClaimer(app.file))
  await Promise.all(claimers.map((claimer) => claimer.ready))
  const messages = Array.from({ length: 80 }, (_, n) => aMessage({ id: `m${n}`, contactId: 'c1' }))
  await storage.transaction(function* (tx) {
    yield* tx.contacts.ensure([aContact({ id: 'c1' })], 0)
    yield* tx.messages.enqueue(
      messages.map((message) => ({ message, queue: aQueueEntry(message, { runAt: 0, expiresAt: 10_000_000 }) })),
    )
  })
  const claimed = (await Promise.all(claimers.map((claimer) => claimer.claimed))).flat()
  expect(claimed.toSorted()).toEqual(messages.map((message) => message.id).toSorted())
  await storage.close()
  await app.remove()
})
