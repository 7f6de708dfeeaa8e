/**
 * Splits `山田 花子 <a@example.jp>`, as mail programs and customer files write it. Text of another shape comes back whole as the
 * address, for `normaliseAddress` to judge; so do two addresses in angle brackets.
 */
export const extractAddress = (cell: string): { readonly displayName: string | null; readonly address: string } => {
  const match = /^([^<>＜＞]*)[<＜]([^<>＜＞]*)[>＞]\s*$/.exec(cell.trim())
  if (match === null) return { displayName: null, address: cell.trim() }
  const name = (match[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1')
    .trim()
  return { displayName: name === '' ? null : name, address: (match[2] ?? '').trim() }
}
