import type { Json } from '../json.ts'

/** What a format needs to know besides the value. */
export interface FormatContext {
  /** BCP 47. */
  readonly locale: string
  /** IANA zone; instants are shown in it, dates have none. */
  readonly timeZone: string
}

type Options = { readonly [key: string]: Json }

/** A number by the reader's locale. Option `digits`: digits after the point, exactly. */
export const formatNumberValue = (value: number, options: Options, context: FormatContext): string =>
  numberFormat(context.locale, digitOptions(options)).format(value)

/** Money: 12,800円, ¥12,800, $12.80. Option `currency`: ISO 4217, default `JPY`. */
export const formatCurrencyValue = (value: number, options: Options, context: FormatContext): string =>
  numberFormat(context.locale, {
    style: 'currency',
    currency: typeof options.currency === 'string' ? options.currency : 'JPY',
    currencyDisplay: isJapanese(context.locale) ? 'name' : 'symbol',
  }).format(value)

/**
 * A date `YYYY-MM-DD`, or an instant in ISO-8601, by the reader's locale; null where the text is neither. Options: `style`
 * `long` (2026年1月5日, the default), `short` (2026/1/5) or `monthDay` (1月5日); `weekday` adds (月); `time` adds 10:00, to
 * instants only.
 */
export const formatDateValue = (value: string, options: Options, context: FormatContext): string | null => {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(value)
  const at = Date.parse(value)
  if (Number.isNaN(at)) return null
  const timeZone = isDate ? 'UTC' : context.timeZone
  return dateFormat(context.locale, { ...dateOptions(options, isDate), timeZone }).format(at)
}

const digitOptions = (options: Options): Intl.NumberFormatOptions =>
  typeof options.digits === 'number' ? { minimumFractionDigits: options.digits, maximumFractionDigits: options.digits } : {}

const dateOptions = (options: Options, isDate: boolean): Intl.DateTimeFormatOptions => ({
  ...(options.style === 'monthDay' ? {} : { year: 'numeric' as const }),
  month: options.style === 'short' ? 'numeric' : 'long',
  day: 'numeric',
  ...(options.weekday === true ? { weekday: 'short' as const } : {}),
  ...(options.time === true && !isDate ? ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const) : {}),
})

const isJapanese = (locale: string): boolean => /^ja\b/i.test(locale)

/** Making a formatter costs a thousand times what using it does. */
const cached = <O, F>(make: (locale: string, options: O) => F) => {
  const formats = new Map<string, F>()
  return (locale: string, options: O): F => {
    const key = `${locale} ${JSON.stringify(options)}`
    const known = formats.get(key)
    if (known !== undefined) return known
    const made = make(locale, options)
    formats.set(key, made)
    return made
  }
}

const numberFormat = cached((locale: string, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options))
const dateFormat = cached((locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options))
