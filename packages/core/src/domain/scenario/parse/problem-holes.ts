/** What fills a brace of a sentence: what it looks like in English, and the same in Japanese. */
export interface Hole {
  /** Without groups of its own. */
  readonly pattern: string
  readonly ja: (words: string) => string
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const number = '-?[\\d.]+(?:e[+-]?\\d+)?'
const constant = `(?:${quoted}|${number}|true|false|null)`

const inBrackets = (words: string): string => words.replaceAll(/"((?:[^"\\]|\\.)*)"/g, '「$1」')

const kinds: { readonly [kind: string]: string } = {
  text: 'テキスト',
  string: 'テキスト',
  number: '数値',
  boolean: '真偽値',
  date: '日付',
  instant: '日時',
  list: 'リスト',
  object: 'オブジェクト',
}

const values: { readonly [value: string]: string } = {
  nothing: 'なし',
  'undefined: there is no such value': 'なし',
  'a text': 'テキスト',
  'a string': 'テキスト',
  'a number': '数値',
  'a boolean': '真偽値',
  'a list': 'リスト',
  'an object': 'オブジェクト',
  'a function': '関数',
}

const expectations: { readonly [expected: string]: string } = {
  'a text': 'テキスト',
  'a number': '数値',
  'a whole number': '整数',
  'an object': 'オブジェクト',
  'a list': 'リスト',
  'true or false': 'true か false',
  'a date such as 2026-01-31': '2026-01-31 のような日付',
  'a date and time such as 2026-01-31T10:00:00+09:00': '2026-01-31T10:00:00+09:00 のような日時',
  'a text of the right form': '決められた形式のテキスト',
  'a JSON value or a reference such as event.total': 'JSON の値か event.total のような参照',
}

const ranges: readonly (readonly [RegExp, string])[] = [
  [/^at least (.+)$/, '$1以上'],
  [/^at most (.+)$/, '$1以下'],
  [/^more than (.+)$/, '$1より大きい値'],
  [/^less than (.+)$/, '$1より小さい値'],
  [/^a multiple of (.+)$/, '$1の倍数'],
  [/^a text of exactly (.+) characters$/, '$1文字'],
  [/^a text of (.+) or more characters$/, '$1文字以上'],
  [/^a text of (.+) or fewer characters$/, '$1文字以内'],
  [/^a list of exactly (.+) elements$/, '$1個の値'],
  [/^a list of (.+) or more elements$/, '$1個以上の値'],
  [/^a list of (.+) or fewer elements$/, '$1個以内の値'],
]

const rangeInJapanese = (words: string): string => {
  const found = ranges.find(([pattern]) => pattern.test(words))
  return found === undefined ? words : words.replace(found[0], found[1])
}

const choiceInJapanese = (words: string): string => {
  const options = inBrackets(words.replace(/^one of /, '')).replaceAll(', ', '、')
  return words.startsWith('one of ') ? `${options}のいずれか` : options
}

/** By the name in the braces; `sentence` is another sentence of the catalogue. */
export const holes: { readonly [name: string]: Hole } = {
  n: { pattern: number, ja: (words) => words },
  raw: { pattern: '.+', ja: (words) => words },
  name: { pattern: quoted, ja: inBrackets },
  names: { pattern: `${quoted}(?:, ${quoted})*`, ja: (words) => inBrackets(words).replaceAll(', ', '、') },
  kind: { pattern: '(?:string|text|number|boolean|date|instant|list|object)', ja: (words) => kinds[words] ?? words },
  value: { pattern: '.+', ja: (words) => values[words] ?? (/^an? \w+$/.test(words) ? 'ほかの種類の値' : inBrackets(words)) },
  range: {
    pattern: '(?:(?:at least|at most|more than|less than|a multiple of) .+?|a (?:text|list) of .+? (?:characters|elements))',
    ja: rangeInJapanese,
  },
  choice: { pattern: `(?:one of ${constant}(?:, ${constant})*|${constant})`, ja: choiceInJapanese },
  expected: { pattern: '.+?', ja: (words) => expectations[words] ?? 'ほかの種類の値' },
}
