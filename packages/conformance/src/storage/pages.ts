/** Ids in the order of their code points; UTF-16 units, a locale or folded case would order them otherwise. */
export const codePointIds = ['-', '0', 'B', 'a', 'ab', 'z', '①', '髙', '～', '😀', '\u{10FFFF}'] as const

/** Reads page after page until one is empty. */
export const allPages = async <Row, Place>(
  page: (after: Place | null) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
): Promise<Row[]> => {
  const all: Row[] = []
  for (let after: Place | null = null; ; ) {
    const rows = await page(after)
    const last = rows.at(-1)
    if (last === undefined) return all
    all.push(...rows)
    after = placeOf(last)
  }
}
