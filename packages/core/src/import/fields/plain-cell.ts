/** A cell as meant: NFKC for digits and Latin, trimmed of every space incl. U+3000, Excel's `="0012"` unwrapped. */
export const plainCell = (cell: string): string => {
  const formula = /^\s*="(.*)"\s*$/s.exec(cell)
  return (formula?.[1] ?? cell).replace(/^[\s\u3000\ufeff]+|[\s\u3000]+$/gu, '')
}

/** `plainCell` with full-width digits, letters and signs made half-width: for numbers, dates and words, not for names. */
export const halfWidth = (cell: string): string => plainCell(plainCell(cell).normalize('NFKC'))
