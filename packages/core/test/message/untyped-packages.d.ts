/** What the tests use of packages without types. */
declare module 'libqp' {
  const libqp: { decode(encoded: string): Buffer }
  export default libqp
}
declare module 'libmime' {
  const libmime: { decodeWords(header: string): string }
  export default libmime
}
