import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { WorkerOrders } from './worker.ts'

interface Member {
  readonly process: ChildProcess
  /** A spare is loaded and waits to take a dead one's place. */
  state: 'spare' | 'starting' | 'working' | 'stalled' | 'doomed'
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

  /** Resolves when the first `workers` are at work. */
  async start(workers: number, spares: number): Promise<void> {
    for (let index = 0; index < workers + spares; index += 1) this.#fork()
    for (let index = 0; index < workers; index += 1) this.#engageSpare()
    while (this.#in('working').length < workers && this.unexpected.length === 0) await sleep(20)
  }

  /** Kills a worker in whatever it is doing, and lets a spare take its place. */
  killOne(random: Random): void {
    const member = pick(random, [...this.#in('working'), ...this.#in('stalled')])
    if (member === undefined) return
    member.state = 'doomed'
    member.process.kill('SIGKILL')
    this.killed += 1
    this.#engageSpare()
    this.#fork()
  }

  /** Stops a worker where it is, and lets it go on later as if nothing had happened. */
  async stallOne(random: Random, milliseconds: number): Promise<void> {
    const member = pick(random, this.#in('working'))
    if (member === undefined) return
    member.state = 'stalled'
    member.process.kill('SIGSTOP')
    this.stalled += 1
    await sleep(milliseconds)
    if (member.state !== 'stalled') return
    member.process.kill('SIGCONT')
    member.state = 'working'
  }

  /** Lets everyone finish what is under way and leave; who does not is killed. */
  async end(patience: number): Promise<void> {
    await Promise.all([...this.#members].map((member) => this.#endOne(member, patience)))
  }

  #fork(): void {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(this.#orders)], {
      execArgv: ['--conditions=@tobiishi/source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const member: Member = { process: child, state: 'spare' }
    this.#members.add(member)
    child.on('message', () => {
      if (member.state === 'starting') member.state = 'working'
    })
    child.on('exit', (code, signal) => {
      this.#members.delete(member)
      if (member.state !== 'doomed') this.unexpected.push(`a worker ended by itself (${signal ?? code})`)
    })
  }

  #engageSpare(): void {
    const [spare] = this.#in('spare')
    if (spare === undefined) return
    spare.state = 'starting'
    spare.process.send('go')
  }

  #in(state: Member['state']): Member[] {
    return [...this.#members].filter((member) => member.state === state)
  }

  async #endOne(member: Member, patience: number): Promise<void> {
    const { process: child } = member
    const gone = once(child, 'exit')
    if (member.state === 'spare') child.kill('SIGKILL')
    child.kill('SIGCONT')
    if (member.state !== 'doomed' && child.connected) child.send('stop')
    member.state = 'doomed'
    const late = setTimeout(() => {
      this.unexpected.push('a worker did not leave when it was told to')
      child.kill('SIGKILL')
    }, patience)
    await gone
    clearTimeout(late)
  }
}

const pick = (random: Random, members: readonly Member[]): Member | undefined => members[random.below(members.length)]
