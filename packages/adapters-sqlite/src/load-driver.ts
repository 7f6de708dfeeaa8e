import { createRequire } from 'node:module'
import { TobiishiError } from '@tobiishi/core'
import type BetterSqlite3 from 'better-sqlite3'

const oldestNode = 22

/**
 * Loads better-sqlite3. Its binary ends the whole process on Node before 22, so the version is looked at first.
 * Throws `config.invalid` where Node is too old or the package is not installed.
 */
export const loadDriver = (nodeVersion: string = process.versions.node): typeof BetterSqlite3 => {
  if (Number.parseInt(nodeVersion, 10) < oldestNode) {
    throw new TobiishiError(
      'config.invalid',
      `sqliteStorage needs Node ${oldestNode} or later, and this is Node ${nodeVersion}: better-sqlite3 would end the process. Update Node.`,
    )
  }
  try {
    return createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3
  } catch (cause) {
    throw new TobiishiError('config.invalid', 'sqliteStorage needs the package better-sqlite3: install it beside.', { cause })
  }
}
