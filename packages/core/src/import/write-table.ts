import { stringify } from 'csv-stringify/sync'
import type { RefusedRow } from './read-table.ts'

/** A cell that a spreadsheet would run as a formula is made text by a leading apostrophe (OWASP, CSV injection). Numbers stay. */
const guard = (cell: string | number): string | number =>
  typeof cell === 'string' && /^[=+\-@\t\r＝＋－＠]/u.test(cell) ? `'${cell}` : cell

/** Writes RFC 4180 CSV in UTF-8 with a byte order mark, as Excel in Japan opens it, safe against formulas. */
export const writeTable = (header: readonly string[], rows: Iterable<readonly (string | number)[]>): Buffer =>
  Buffer.from(
    stringify([header.map(guard), ...Array.from(rows, (row) => row.map(guard))], { bom: true, record_delimiter: 'windows' }),
    'utf8',
  )

/** The rows that were not taken, reason first, the row as it stood behind it: to be mended and read again. */
export const writeRefused = (table: { readonly header: readonly string[]; readonly refused: readonly RefusedRow[] }): Buffer =>
  writeTable(
    ['理由', '列', '行', ...table.header],
    table.refused.map(({ reason, column, line, cells }) => [reason, column, line, ...cells]),
  )
