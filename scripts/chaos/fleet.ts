import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { WorkerOrders } from './worker.ts'

interface Member {
  readonly process: ChildProcess
  isStopped: boolean
  isDoomed: boolean
}

/** The worker processes of a run, and what is done to them. Every one is ended by its own id. */
export class Fleet {
  killed = 0
  stalled = 0
  /** Exits that nobody brought about. */
  readonly unexpected: string[] = []
  readonly #orders: WorkerOrders
  readonly #members = new Set<Member>()

  constructor(orders: WorkerOrders) {
    this.#orders = orders
  }

  start(): void {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(this.#orders)], {
      execArgv: ['--conditions=@tobiishi/source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const member: Member = { process: child, isStopped: false, isDoomed: false }
    this.#members.add(member)
    child.on('exit', (code, signal) => {
      this.#members.delete(member)
      if (!member.isDoomed) this.unexpected.push(`a worker ended by itself (${signal ?? code})`)
    })
  }

  /** Kills a worker in whatever it is doing, and starts another. */
  killOne(random: Random): void {
    const member = [...this.#members][random.below(this.#members.size)]
    if (member === undefined) return
    member.isDoomed = true
    member.process.kill('SIGKILL')
    this.killed += 1
    this.start()
  }

  /** Stops a worker where it is, and lets it go on later as if nothing had happened. */
  async stallOne(random: Random, milliseconds: number): Promise<void> {
    const running = [...this.#members].filter(({ isStopped, isDoomed }) => !isStopped && !isDoomed)
    const member = running[random.below(running.length)]
    if (member === undefined) return
    member.isStopped = true
    member.process.kill('SIGSTOP')
    this.stalled += 1
    await sleep(milliseconds)
    member.process.kill('SIGCONT')
    member.isStopped = false
  }

  /** Lets everyone finish what is under way and leave; who does not is killed. */
  async end(patience: number): Promise<void> {
    await Promise.all([...this.#members].map((member) => this.#endOne(member, patience)))
  }

  async #endOne(member: Member, patience: number): Promise<void> {
    const { process: child } = member
    member.isDoomed = true
    const gone = once(child, 'exit')
    child.kill('SIGCONT')
    if (child.connected) child.send('stop')
    const late = setTimeout(() => {
      this.unexpected.push('a worker did not leave when it was told to')
      child.kill('SIGKILL')
    }, patience)
    await gone
    clearTimeout(late)
  }
}
