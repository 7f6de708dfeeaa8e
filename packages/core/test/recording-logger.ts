import type { JsonObject } from '../src/index.ts'
import type { Logger } from '../src/ports/index.ts'

/** A logger that keeps its lines. */
export const recordingLogger = () => {
  const lines: { readonly event: string; readonly fields: JsonObject }[] = []
  const write = (event: string, fields: object = {}) => lines.push({ event, fields: { ...fields } })
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  return { logger, lines }
}
