import Database from 'better-sqlite3'

/** What people in the quickstart's world are going to do, did, and received. Theirs alone: Tobiishi never sees this file. */
export interface Deed {
  readonly key: string
  readonly at: number
  readonly kind: 'register' | 'ask' | 'pixel' | 'click' | 'one-click' | 'leave-page' | 'buy' | 'scan'
  /** Address of the person. */
  readonly who: string
  readonly data: { readonly [name: string]: string | number | boolean }
}

export interface ReceivedMail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly at: number
  readonly raw: Buffer
}

/**
 * The world's own book: a clock, deeds still to come, deeds done, mails that arrived, refusals at RCPT. A deed is done once: it
 * is ticked off after it, and a killed run does the unticked ones again.
 */
export const openLedger = (path: string) => {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.exec(`
    CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), now INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS deed (key TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, data TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX IF NOT EXISTS deed_due ON deed (done, at);
    CREATE TABLE IF NOT EXISTS mail (id TEXT NOT NULL, addressee TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, raw BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS refusal (addressee TEXT NOT NULL, code INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);`)
  const statements = {
    plan: db.prepare('INSERT INTO deed (key, at, kind, who, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    due: db.prepare('SELECT key, at, kind, who, data FROM deed WHERE done = 0 AND at <= ? ORDER BY at, key LIMIT ?'),
    next: db.prepare('SELECT min(at) AS at FROM deed WHERE done = 0'),
    attempt: db.prepare('UPDATE deed SET tries = tries + 1 WHERE key = ?'),
    done: db.prepare('UPDATE deed SET done = 1 WHERE key = ?'),
    mail: db.prepare('INSERT INTO mail (id, addressee, subject, at, raw) VALUES (?, ?, ?, ?, ?)'),
    refusal: db.prepare('INSERT INTO refusal (addressee, code, at) VALUES (?, ?, ?)'),
    tick: db.prepare('INSERT INTO clock (one, now) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET now = excluded.now'),
    now: db.prepare('SELECT now FROM clock'),
    mark: db.prepare('INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'),
    marked: db.prepare('SELECT value FROM mark WHERE name = ?'),
  }
  const toDeed = (row: unknown): Deed => {
    const { data, ...rest } = row as Omit<Deed, 'data'> & { data: string }
    return { ...rest, data: JSON.parse(data) }
  }
  return {
    plan: (deed: Deed): void => void statements.plan.run(deed.key, deed.at, deed.kind, deed.who, JSON.stringify(deed.data)),
    due: (now: number, limit: number): Deed[] => statements.due.all(now, limit).map(toDeed),
    nextAt: (): number | null => (statements.next.get() as { at: number | null }).at,
    /** Written before a deed, so that one done twice because of a kill can be told. */
    attempt: (key: string): void => void statements.attempt.run(key),
    tickOff: (key: string): void => void statements.done.run(key),
    receive: (mail: ReceivedMail): void => void statements.mail.run(mail.id, mail.to, mail.subject, mail.at, mail.raw),
    refuse: (to: string, code: number, at: number): void => void statements.refusal.run(to, code, at),
    setClock: (now: number): void => void statements.tick.run(now),
    clock: (): number | null => (statements.now.get() as { now: number } | undefined)?.now ?? null,
    mark: (name: string, value: string): void => void statements.mark.run(name, value),
    marked: (name: string): string | null => (statements.marked.get(name) as { value: string } | undefined)?.value ?? null,
    /** Deeds begun once more after a kill. */
    repeated: (): number =>
      (db.prepare('SELECT coalesce(sum(tries - done), 0) AS count FROM deed').get() as { count: number }).count,
    /** Any question that the reconciliation asks of the book. */
    ask: <T>(sql: string, ...values: (string | number)[]): T[] => db.prepare(sql).all(...values) as T[],
    /** The first mail that arrived with this in its subject, as it came. */
    sample: (subject: string): Buffer | null =>
      (
        db.prepare('SELECT raw FROM mail WHERE instr(subject, ?) > 0 ORDER BY at, id LIMIT 1').get(subject) as
          | { raw: Buffer }
          | undefined
      )?.raw ?? null,
    together: (work: () => void): void => db.transaction(work)(),
    close: (): void => void db.close(),
  }
}

export type Ledger = ReturnType<typeof openLedger>
