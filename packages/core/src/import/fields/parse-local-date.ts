import type { LocalDate } from '../../domain/time/instant.ts'
import { halfWidth } from './plain-cell.ts'

const eras: Readonly<Record<string, number>> = {
  M: 1867,
  T: 1911,
  S: 1925,
  H: 1988,
  R: 2018,
  明治: 1867,
  大正: 1911,
  昭和: 1925,
  平成: 1988,
  令和: 2018,
}

/**
 * A date as Japanese files hold it: `1985/4/1`, `1985-04-01`, `1985年4月1日`, `19850401`, `S60.4.1`, `昭和60年4月1日`, `令和元年5月1日`,
 * and Excel serials (`31138`). Null where it is none, or where the day does not exist.
 */
export const parseLocalDate = (cell: string): LocalDate | null => {
  const text = halfWidth(cell).replace(/\s+/g, '')
  const era = /^(明治|大正|昭和|平成|令和|[MTSHR])\.?(\d{1,2}|元)[年./-](\d{1,2})[月./-](\d{1,2})日?$/i.exec(text)
  if (era) {
    const base = eras[(era[1] ?? '').toUpperCase()] ?? 0
    return dateOf(base + (era[2] === '元' ? 1 : Number(era[2])), Number(era[3]), Number(era[4]))
  }
  const parts = /^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (parts) return dateOf(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  return /^\d{4,5}$/.test(text) ? fromExcelSerial(Number(text)) : null
}

/** Day 60 is Lotus's 29 February 1900 that never was; serials after it count from 1899-12-30. */
const fromExcelSerial = (serial: number): LocalDate | null =>
  serial > 60 && serial < 73_051 ? new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000).toISOString().slice(0, 10) : null

const dateOf = (year: number, month: number, day: number): LocalDate | null => {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? date.toISOString().slice(0, 10) : null
}
