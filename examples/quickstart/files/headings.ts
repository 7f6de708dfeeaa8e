import type { Columns } from '@tobiishi/core/import'

export interface Headings {
  /** Columns that the file has, by their first known name, and the heading that they stand under. */
  readonly used: readonly { readonly column: string; readonly heading: string }[]
  /** Columns that the file does not have. */
  readonly absent: readonly string[]
  /** Headings of the file that nothing is read from. */
  readonly ignored: readonly string[]
}

/** Compared as the reader of tables compares them: width, case, spaces and marks do not matter. */
const plain = (heading: string): string =>
  heading
    .normalize('NFKC')
    .replace(/[\s_・()（）【】*※]/gu, '')
    .toLowerCase()

/** What of a file's header is read, and what is left alone. */
export const headingsOf = (header: readonly string[], columns: Columns): Headings => {
  const plains = header.map(plain)
  const places = Object.values(columns).map(({ headings }) => ({
    column: headings[0] ?? '',
    at: headings.map((one) => plains.indexOf(plain(one))).find((at) => at >= 0) ?? -1,
  }))
  const read = new Set(places.map(({ at }) => at))
  return {
    used: places.flatMap(({ column, at }) => (at < 0 ? [] : [{ column, heading: (header[at] ?? '').trim() }])),
    absent: places.filter(({ at }) => at < 0).map(({ column }) => column),
    ignored: header.filter((heading, at) => !read.has(at) && heading.trim() !== '').map((heading) => heading.trim()),
  }
}
