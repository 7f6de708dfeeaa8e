import { type Deadline, withCode } from './deadline.ts'
import { openSession, toLogin } from './open-session.ts'
import type { SmtpSettings } from './smtp-options.ts'
import type { SmtpSession } from './smtp-session.ts'

/** Servers drop idle connections after some minutes, silent middleboxes sooner. */
const idleMs = 10_000
const firstLoginPauseMs = 1_000
const longestLoginPauseMs = 60_000

/**
 * Connections for at most `concurrency` mails at once. A mail beyond that waits outside, so that no connection ever holds
 * more than one. After a refused login nothing is tried for a second, doubling to a minute: servers lock accounts.
 */
export class ConnectionPool {
  readonly #settings: SmtpSettings
  readonly #login: ReturnType<typeof toLogin>
  readonly #idle: { readonly session: SmtpSession; readonly timer: NodeJS.Timeout }[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #closing: Promise<void> | null = null
  #loginPause = { error: withCode('EAUTH', ''), until: 0, ms: 0 }
  #drained: (() => void) | null = null

  constructor(settings: SmtpSettings) {
    this.#settings = settings
    this.#login = toLogin(settings.auth)
  }

  get isClosed(): boolean {
    return this.#closing !== null
  }

  /** Waits for one of the `concurrency` places. False where the deadline came first. */
  async enter(deadline: Deadline): Promise<boolean> {
    if (deadline.reason !== null) return false
    if (this.#busy < this.#settings.concurrency) {
      this.#busy++
      return true
    }
    return new Promise((resolve) => {
      const take = (): void => {
        deadline.onOver = null
        resolve(true)
      }
      this.#waiting.push(take)
      deadline.onOver = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        resolve(false)
      }
    })
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else if (--this.#busy === 0) this.#drained?.()
  }

  /** An open connection: an idle one, or a new one. Rejects with the reason why there is none. */
  async take(deadline: Deadline): Promise<SmtpSession> {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      clearTimeout(kept.timer)
      if (!kept.session.isUsable) continue
      kept.session.isIdle = false
      return kept.session
    }
    const pause = this.#loginPause
    if (performance.now() < pause.until) throw pause.error
    try {
      const session = await openSession(this.#settings, this.#login, deadline)
      this.#loginPause = { ...pause, until: 0, ms: 0 }
      return session
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAUTH') this.#pauseLogins(error)
      throw error
    }
  }

  /** How long no login is tried; 0 if it may be tried now. */
  get loginPauseMs(): number {
    return Math.max(0, Math.ceil(this.#loginPause.until - performance.now()))
  }

  /** Keeps a connection for the next mail, or says goodbye to it. */
  give(session: SmtpSession): void {
    if (!session.isUsable) return
    if (this.isClosed || session.mails >= this.#settings.maxMailsPerConnection) {
      void session.quit()
      return
    }
    session.isIdle = true
    const kept = { session, timer: setTimeout(() => this.#drop(session), idleMs).unref() }
    this.#idle.push(kept)
  }

  /** Lets the mails under way finish, then closes every connection. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    }
    for (const { timer } of this.#idle) clearTimeout(timer)
    await Promise.all(this.#idle.splice(0).map(({ session }) => session.quit()))
  }

  #drop(session: SmtpSession): void {
    const at = this.#idle.findIndex((kept) => kept.session === session)
    if (at !== -1) this.#idle.splice(at, 1)
    void session.quit()
  }

  #pauseLogins(error: Error): void {
    const ms = Math.min(Math.max(this.#loginPause.ms * 2, firstLoginPauseMs), longestLoginPauseMs)
    this.#loginPause = { error, until: performance.now() + ms, ms }
  }
}
