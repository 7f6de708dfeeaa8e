/** A normalised address as SMTP takes it: a local part that is no dot-atom is quoted, `"a..b."@docomo.ne.jp` (RFC 5321 §4.1.2). */
export const quoteForWire = (email: string): string => {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at)
  return /^\.|\.\.|\.$/.test(local) ? `"${local}"${email.slice(at)}` : email
}
