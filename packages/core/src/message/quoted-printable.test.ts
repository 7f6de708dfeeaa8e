import fc from 'fast-check'
import libqp from 'libqp'
import { describe, expect, test } from 'vitest'
import { quotedPrintable } from './quoted-printable.ts'

const decode = (encoded: string): string => libqp.decode(encoded).toString('utf8')

/** Text as mail has it: any unicode, much of what is awkward. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ' ',
        '\t',
        '\n',
        '\r\n',
        '\r',
        '.',
        '..',
        '=',
        '=\n',
        ' \n',
        '\t\r\n',
        '株式会社㈱髙①',
        'ｱｲｳ',
        '👩‍👩‍👧',
        '𠮷',
        '\ud800',
        '\0',
        'a'.repeat(80),
      ),
    ),
  )
  .map((parts) => parts.join(''))

const asMail = (value: string): string => value.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')

describe('quoted-printable', () => {
  test('parts joined in any order decode to their texts in that order', () => {
    fc.assert(
      fc.property(fc.array(text), (parts) => {
        const encoded = parts.map((part) => quotedPrintable.plain(part)).join('')
        expect(decode(encoded)).toBe(parts.map(asMail).join(''))
      }),
      { numRuns: 500 },
    )
  })

  test('every line holds to RFC 2045: 76 characters, ASCII, no white space at its end, no dot alone at its start', () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const line of `${quotedPrintable.literal(value)}end`.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76)
          expect(line).toMatch(/^[\x20-\x7e\t]*$/)
          expect(line).not.toMatch(/[ \t]$/)
          expect(line).not.toMatch(/^\./)
          expect(line).toMatch(/^(?:[^=]|=[0-9A-F]{2})*=?$/)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a value in HTML stays words', () => {
    const encoded = quotedPrintable.html(`<b onclick="x('y')">&amp;`)
    expect(decode(encoded)).toBe('&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;amp;')
  })

  test('a long address is cut into lines without changing', () => {
    const url = `https://example.jp/${'a.b-'.repeat(60)}`
    expect(decode(quotedPrintable.plain(url))).toBe(url)
    expect(decode(quotedPrintable.plain(`${'x'.repeat(75)}.jp`))).toBe(`${'x'.repeat(75)}.jp`)
  })
})
