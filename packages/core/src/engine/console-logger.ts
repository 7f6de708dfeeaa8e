import type { Logger } from '../ports/logger.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof levels)[number]

const reason = (value: unknown) => (value instanceof Error ? { name: value.name, message: value.message } : value)

/** One line of JSON an entry on standard error, from `level` (default `warn`) upwards. */
export const createConsoleLogger = (options: { readonly level?: LogLevel } = {}): Logger => {
  const least = levels.indexOf(options.level ?? 'warn')
  const write =
    (level: LogLevel) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (levels.indexOf(level) < least) return
      const plain = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, reason(value)]))
      console.error(JSON.stringify({ level, event, ...plain }))
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
