import { addressHint } from '../domain/contact/address-hint.ts'
import { extractAddress } from '../domain/contact/extract-address.ts'
import { type AddressProblem, normaliseAddress } from '../domain/contact/normalise-address.ts'
import type { Instant, LocalDate } from '../domain/time/instant.ts'
import { parseAmount } from './fields/parse-amount.ts'
import { type ConsentAnswer, parseConsent } from './fields/parse-consent.ts'
import { parseLocalDate } from './fields/parse-local-date.ts'
import { parseLocalInstant } from './fields/parse-local-instant.ts'
import { halfWidth, plainCell } from './fields/plain-cell.ts'

export type Parsed<T> = { readonly value: T; readonly hint?: string } | { readonly reason: string }

/** One column of a file: the headings it goes by, and how a cell becomes a value. */
export interface Column<T> {
  readonly headings: readonly string[]
  /** A blank cell refuses the row; else it becomes `null`. Default false. */
  readonly isRequired: boolean
  /** What the cell says, or why it cannot be taken: a sentence for the person who mends the file. Never sees a blank cell. */
  readonly parse: (cell: string) => Parsed<T>
}
export interface RequiredColumn<T> extends Column<T> {
  readonly isRequired: true
}

const make = <T>(headings: readonly string[], parse: Column<T>['parse']): Column<T> => ({ headings, isRequired: false, parse })
const orReason = <T>(value: T | null, reason: string): Parsed<T> => (value === null ? { reason } : { value })

/** Columns as Japanese business files have them. Every reason is in Japanese, for the person who keeps the file. */
export const column = {
  text: (headings: readonly string[]): Column<string> => make(headings, (cell) => ({ value: plainCell(cell) })),
  /** An id or number that must keep its zeros; Excel's `1.23E+10` has lost digits and is refused. */
  code: (headings: readonly string[]): Column<string> =>
    make(headings, (cell) => {
      const text = halfWidth(cell)
      return /^\d(\.\d+)?E\+\d+$/i.test(text)
        ? { reason: `「${text}」は Excel で桁が失われた番号です。元の番号を入れてください` }
        : { value: text }
    }),
  /** Also `名前 <a@b>`; a likely typing mistake is hinted at and never mended. */
  address: (headings: readonly string[]): Column<string> =>
    make(headings, (cell) => {
      const address = normaliseAddress(extractAddress(plainCell(cell)).address)
      if (address.kind === 'refused') return { reason: `メールアドレスとして使えません(${addressReasons[address.problem]})` }
      const meant = addressHint(address.domain)
      return meant === null
        ? { value: address.email }
        : { value: address.email, hint: `ドメインの入力間違いかもしれません(${meant} ?)` }
    }),
  amount: (headings: readonly string[]): Column<number> =>
    make(headings, (cell) => orReason(parseAmount(cell), '金額・数量として読めません')),
  date: (headings: readonly string[]): Column<LocalDate> =>
    make(headings, (cell) => orReason(parseLocalDate(cell), '日付として読めません')),
  /** A time without an offset is of `timeZone`. */
  instant: (headings: readonly string[], timeZone = 'Asia/Tokyo'): Column<Instant> =>
    make(headings, (cell) => orReason(parseLocalInstant(cell, timeZone), '日時として読めません')),
  consent: (headings: readonly string[]): Column<ConsentAnswer> =>
    make(headings, (cell) => orReason(parseConsent(cell), '配信希望の欄が「する/しない」のどちらか分かりません')),
  required: <T>(inner: Column<T>): RequiredColumn<T> => ({ ...inner, isRequired: true }),
} as const

const addressReasons: { readonly [P in AddressProblem]: string } = {
  empty: '空です',
  'several-addresses': '2つ以上のアドレスが入っています',
  'control-characters': '制御文字が混ざっています',
  'invisible-characters': '見えない文字が混ざっています',
  'no-at-sign': '@ がありません',
  'non-ascii-local-part': '@ より前に全角などの文字があります',
  'bad-local-part': '@ より前に使えない文字や点があります',
  'bad-domain': 'ドメインが正しくありません',
  'too-long': '長すぎます',
}
