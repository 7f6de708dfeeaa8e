import { halfWidth } from './plain-cell.ts'

/**
 * An amount of money or a quantity: `12,800円`, `¥12,800`, full-width digits, `△1,200` and `(1,200)` as negative. Null where it
 * is not a number; Excel's shortened `1.23E+10` is not one, because digits are lost.
 */
export const parseAmount = (cell: string): number | null => {
  const text = halfWidth(cell)
    .replace(/[,\s円¥\\]|JPY/gi, '')
    .replace(/^[▲△−–ー](?=\d)/u, '-')
    .replace(/^\(([\d.]+)\)$/, '-$1')
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
