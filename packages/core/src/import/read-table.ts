import { parse } from 'csv-parse/sync'
import { TobiishiError } from '../errors/index.ts'
import type { Column, RequiredColumn } from './column.ts'
import { decodeText, type TextEncoding } from './decode-text.ts'
import { halfWidth } from './fields/plain-cell.ts'

export type Columns = { readonly [name: string]: Column<unknown> }
export type RecordOf<C extends Columns> = {
  readonly [K in keyof C]: C[K] extends RequiredColumn<infer T> ? T : C[K] extends Column<infer T> ? T | null : never
}

/** A row that was not taken, and why; `cells` is the row as it stood. */
export interface RefusedRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number
  readonly column: string
  readonly reason: string
  readonly cells: readonly string[]
}

export interface Table<C extends Columns> {
  readonly encoding: TextEncoding
  readonly delimiter: ',' | '\t' | ';'
  readonly header: readonly string[]
  /** Line of the header, from 1; what stood above is no data. */
  readonly headerLine: number
  readonly rows: readonly { readonly line: number; readonly value: RecordOf<C>; readonly cells: readonly string[] }[]
  readonly refused: readonly RefusedRow[]
  /** Taken, but worth a look. */
  readonly hints: readonly { readonly line: number; readonly column: string; readonly hint: string }[]
  /** Rows that are no data: totals, blank rows. */
  readonly ignored: readonly { readonly line: number; readonly why: 'blank' | 'total' }[]
}

/**
 * Reads a CSV or TSV file as real companies have them: any of the usual encodings, title rows above the header, totals below,
 * newlines in cells. The header is the first row that holds every required column, in any order; unknown columns are left
 * alone. A bad cell refuses its row and no other. Throws `import.unreadable` where no header is found: it names the missing columns.
 */
export const readTable = <C extends Columns>(bytes: Uint8Array, columns: C): Table<C> => {
  const { text, encoding } = decodeText(bytes)
  const delimiter = delimiterOf(text)
  const lines = parseLines(text, delimiter)
  const { at, places } = findHeader(lines, columns)
  const header = lines[at]?.cells ?? []
  const table = {
    rows: [] as Table<C>['rows'][number][],
    refused: [] as RefusedRow[],
    hints: [] as Table<C>['hints'][number][],
    ignored: [] as Table<C>['ignored'][number][],
  }
  for (const { line, cells } of lines.slice(at + 1)) {
    const why = noData(cells, places.size)
    if (why !== null) {
      table.ignored.push({ line, why })
      continue
    }
    const read = readRow(cells, columns, places)
    if ('reason' in read) table.refused.push({ line, cells, ...read })
    else table.rows.push({ line, cells, value: read.value as RecordOf<C> })
    if ('hints' in read) table.hints.push(...read.hints.map((hint) => ({ line, ...hint })))
  }
  return { encoding, delimiter, header, headerLine: lines[at]?.line ?? 1, ...table }
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

const parseLines = (text: string, delimiter: string): Line[] => {
  try {
    const parsed = parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      info: true,
    }) as unknown as {
      record: string[]
      info: { lines: number }
    }[]
    let next = 1
    return parsed.map(({ record, info }) => {
      const line = next
      next = info.lines + 1
      return { line, cells: record }
    })
  } catch (cause) {
    const line = typeof cause === 'object' && cause !== null && 'lines' in cause ? Number(cause.lines) : null
    throw new TobiishiError(
      'import.unreadable',
      `The file stops being readable at line ${line ?? '?'}: a quotation mark is not closed. Mend that line and read it again.`,
      {
        details: { line },
      },
    )
  }
}

/** The delimiter that the first lines hold most of. */
const delimiterOf = (text: string): ',' | '\t' | ';' => {
  const head = text.slice(0, 4_000)
  const count = (mark: string) => head.split(mark).length
  const [best] = ([',', '\t', ';'] as const).toSorted((a, b) => count(b) - count(a))
  return best ?? ','
}

const heading = (cell: string): string =>
  halfWidth(cell)
    .replace(/[\s_・()（）【】*※]/gu, '')
    .toLowerCase()

const findHeader = (lines: readonly Line[], columns: Columns): { at: number; places: Map<string, number> } => {
  let missing = Object.keys(columns).filter((name) => columns[name]?.isRequired)
  for (const [at, { cells }] of lines.slice(0, 30).entries()) {
    const places = placesOf(cells.map(heading), columns)
    const absent = Object.entries(columns)
      .filter(([name, { isRequired }]) => isRequired && !places.has(name))
      .map(([name]) => name)
    if (absent.length === 0 && places.size > 0) return { at, places }
    if (absent.length < missing.length) missing = absent
  }
  const wanted = missing.map((name) => columns[name]?.headings[0] ?? name).join('、')
  throw new TobiishiError(
    'import.unreadable',
    `The file has no header row with the column(s) ${wanted} in its first 30 rows. Give the columns one of the expected headings.`,
    {
      details: { missing },
    },
  )
}

const placesOf = (headings: readonly string[], columns: Columns): Map<string, number> => {
  const places = new Map<string, number>()
  for (const [name, { headings: known }] of Object.entries(columns)) {
    const at = known.map((one) => headings.indexOf(heading(one))).find((place) => place >= 0)
    if (at !== undefined) places.set(name, at)
  }
  return places
}

/** Blank rows, and totals as spreadsheets put them below: 合計 in a row that has hardly anything else. */
const noData = (cells: readonly string[], known: number): 'blank' | 'total' | null => {
  const filled = cells.map(halfWidth).filter((cell) => cell !== '')
  if (filled.length === 0) return 'blank'
  const isTotal = filled.some((cell) => /^(総?合計|小計|計|total|subtotal)([::]|$|件)/i.test(cell.replace(/\s/g, '')))
  return isTotal && filled.length <= Math.max(3, known / 2) ? 'total' : null
}

type ReadRow =
  | { readonly value: Record<string, unknown>; readonly hints: { readonly column: string; readonly hint: string }[] }
  | { readonly column: string; readonly reason: string }

const readRow = (cells: readonly string[], columns: Columns, places: ReadonlyMap<string, number>): ReadRow => {
  const value: Record<string, unknown> = {}
  const hints: { column: string; hint: string }[] = []
  for (const [name, one] of Object.entries(columns)) {
    const cell = cells[places.get(name) ?? -1] ?? ''
    const title = one.headings[0] ?? name
    if (halfWidth(cell) === '') {
      if (one.isRequired) return { column: title, reason: '必須の欄が空です' }
      value[name] = null
      continue
    }
    const parsed = one.parse(cell)
    if ('reason' in parsed) return { column: title, reason: parsed.reason }
    if (parsed.hint !== undefined) hints.push({ column: title, hint: parsed.hint })
    value[name] = parsed.value
  }
  return { value, hints }
}
