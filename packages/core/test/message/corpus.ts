/** Text that mail programs have got wrong: Japanese beyond JIS, emoji, long lines, lines that mean something to SMTP. */
export const corpus: readonly { readonly what: string; readonly text: string }[] = [
  { what: 'characters beyond JIS X 0208', text: '①②③㈱㈲髙﨑𠮷野家①Ⅷ㍉〜～−－∥¦¥‾' },
  { what: 'half-width kana', text: 'ｱｲｳｴｵ ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟﾌﾟ' },
  { what: 'emoji of several code points', text: '👩‍👩‍👧‍👦 🇯🇵 👍🏽 ❤️ ☎️ 🐕' },
  { what: 'combining marks', text: 'か\u3099 は\u309a e\u0301 n\u0303 \u200b|\u200d|\ufeff|' },
  { what: 'a lone dot line', text: 'まえ\n.\nあと\n..\n.a\n' },
  {
    what: 'lines that look like mbox and headers',
    text: 'From nobody\nFrom: x@example.com\n\nBcc: y@example.com\n--boundary--\n',
  },
  { what: '998 octets in a line', text: `${'a'.repeat(998)}\n${'あ'.repeat(332)}ab\n${'x y '.repeat(249)}xy` },
  { what: '10,000 characters in a line', text: '長い行が続きます。'.repeat(1_112) },
  { what: 'white space at line ends', text: 'a \nb\t\n　\nc   \n \n\t\n' },
  { what: 'equals signs', text: '=E3=81=82 a=b == =\n=' },
  { what: 'CR, LF and CRLF', text: 'a\rb\nc\r\nd\n\n\ne' },
  { what: 'markup as text', text: '<script>alert("x")</script> &amp; &lt; <!-- --> ]]> \' "' },
  { what: 'backslashes and yen', text: 'C:\\表\\ソ\\能 ¥12,800 ￥12,800' },
  { what: 'right to left', text: 'שלום العربية \u202eabc\u202c' },
  { what: 'nothing', text: '' },
  { what: 'spaces alone', text: '   ' },
]

/** The same as single lines, for subjects and names. */
export const lines: readonly { readonly what: string; readonly text: string }[] = [
  ...corpus.map(({ what, text }) => ({ what, text: text.replace(/\s+/g, ' ').trim().slice(0, 400) })),
  { what: 'a very long subject', text: `【重要】${'お申し込みの①締切は間もなくです。'.repeat(12)}` },
  { what: 'a long ASCII word', text: `a${'b'.repeat(300)}c` },
  { what: 'commas and quotes', text: '山田, "花子" <hanako> (営業); O\'Brien' },
].filter(({ text }) => text !== '')
