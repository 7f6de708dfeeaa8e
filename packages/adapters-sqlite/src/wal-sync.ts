import { close, closeSync, fdatasync, open as openFile } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** What brings a file's content onto the disk. */
interface Syncable {
  datasync(): Promise<void>
  close(): Promise<void>
}

/**
 * Waits until the write-ahead log is on the disk, on another thread than the event loop's. Commits leave their frames with the
 * operating system (`synchronous=normal`); a commit is durable when a `flush` that was asked for after it has ended. That is
 * what `synchronous=full` does inside COMMIT, while the whole process stands still. Flushes that are asked for while one is
 * under way share the next one, since that one may have started before their frames were written.
 */
export class WalSync {
  readonly #open: () => Promise<Syncable>
  #log: Promise<Syncable> | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(open: () => Promise<Syncable>) {
    this.#open = open
  }

  flush(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running.then(ignore, ignore).then(() => {
      this.#next = undefined
      return this.#start()
    })
    return this.#next
  }

  async close(): Promise<void> {
    await this.#next?.catch(ignore)
    await this.#running?.catch(ignore)
    if (this.#log !== undefined) await (await this.#log).close()
    this.#log = undefined
  }

  #start(): Promise<void> {
    const run = this.#sync().finally(() => {
      if (this.#running === run) this.#running = undefined
    })
    this.#running = run
    return run
  }

  async #sync(): Promise<void> {
    this.#log ??= this.#open()
    await (await this.#log).datasync()
  }
}

const ignore = (): void => {}

/** Opens the log of a database file, and brings its name in the folder onto the disk, which SQLite leaves to its own first sync. */
export const openLog = async (file: string): Promise<Syncable> => {
  const log = new OpenFile(await promisify(openFile)(`${file}-wal`, 'r+'))
  if (process.platform !== 'win32') {
    const folder = await open(dirname(file), 'r')
    await folder.sync().finally(() => folder.close())
  }
  return log
}

const forgotten = new FinalizationRegistry<number>(closeSync)
/** Files that are being brought onto the disk: not to be forgotten meanwhile. */
const underWay = new Set<OpenFile>()

/** A file that closes by itself when a storage is forgotten without `close`, as its connection does; a `FileHandle` would warn of it. */
class OpenFile implements Syncable {
  readonly #descriptor: number

  constructor(descriptor: number) {
    this.#descriptor = descriptor
    forgotten.register(this, descriptor, this)
  }

  async datasync(): Promise<void> {
    underWay.add(this)
    await promisify(fdatasync)(this.#descriptor).finally(() => underWay.delete(this))
  }

  async close(): Promise<void> {
    forgotten.unregister(this)
    await promisify(close)(this.#descriptor)
  }
}
