import { readdirSync, readlinkSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sqliteStorage } from '../src/index.ts'
import { entry } from './entries.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const file = process.argv[2] ?? ''
const warnings: string[] = []
process.on('warning', (warning) => warnings.push(String(warning)))

const useAndForget = async () => {
  const storage = sqliteStorage({ database: file })
  await storage.migrate()
  await storage.append([entry('o1')])
}
const openFiles = () =>
  process.platform !== 'linux'
    ? 0
    : readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(file)
        } catch {
          return false
        }
      }).length

/** Prints what the process was warned of, and how many of the database's files it still has open. */
await useAndForget()
for (let times = 0; times < 20; times += 1) {
  collect()
  await setImmediate()
}
console.log(JSON.stringify({ warnings, open: openFiles() }))
