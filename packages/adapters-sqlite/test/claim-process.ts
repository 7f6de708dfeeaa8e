import { sqliteStorage } from '../src/index.ts'

/** Says that it is ready, waits for mail, claims one at a time until nothing is left, and prints what it got. */
const storage = sqliteStorage({ database: process.argv[2] ?? '' })
console.log('ready')
while ((await storage.read((reader) => reader.queue.depth())) === 0);
const claimed: string[] = []
for (let at = 1_000; ; at++) {
  const mails = await storage.transaction((tx) => tx.queue.claim({ now: at, limit: 1, leaseUntil: at + 60_000, owner: 'p' }))
  if (mails.length === 0) break
  claimed.push(...mails.map((mail) => mail.message.id))
}
await storage.close()
console.log(JSON.stringify(claimed))
