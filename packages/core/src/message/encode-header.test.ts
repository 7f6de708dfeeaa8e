import fc from 'fast-check'
import libmime from 'libmime'
import addressparser from 'nodemailer/lib/addressparser'
import { describe, expect, test } from 'vitest'
import { encodeHeader, encodeMailbox } from './encode-header.ts'

const unfold = (header: string): string => header.replace(/\r\n([ \t])/g, '$1').replace(/\r\n$/, '')
const decode = (header: string): string => libmime.decodeWords(unfold(header).replace(/^[^:]+: /, ''))

/** Anything that a header may hold: no control characters. */
const words = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme-ascii' }),
      fc.constantFrom('㈱髙①', 'ｱｲｳ', '👩‍👩‍👧', '𠮷', '=?UTF-8?B?', '  ', ' ', '"', 'a,b', 'Re: '),
    ),
  )
  .map((parts) => parts.join(''))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a header has none
  .filter((value) => !/[\x00-\x1f\x7f]/.test(value))

describe('encodeHeader', () => {
  test('a reader sees the same text, whatever it is', () => {
    fc.assert(
      fc.property(words, (value) => {
        expect(decode(encodeHeader('Subject', value))).toBe(value)
      }),
      { numRuns: 500 },
    )
  })

  test('lines are ASCII of at most 76 characters, each encoded-word is at most 75 and whole in itself', () => {
    fc.assert(
      fc.property(words, (value) => {
        const header = encodeHeader('Subject', value)
        expect(header).toMatch(/^[\x20-\x7e\r\n]*\r\n$/)
        for (const line of header.slice(0, -2).split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
        for (const [word, base64] of header.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)) {
          expect(word.length).toBeLessThanOrEqual(75)
          const bytes = Buffer.from(base64!, 'base64')
          expect(Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('plain ASCII is left readable and folded at its spaces', () => {
    expect(encodeHeader('Subject', 'Your order 1234')).toBe('Subject: Your order 1234\r\n')
    const folded = encodeHeader('Subject', 'word '.repeat(40).trim())
    expect(folded).not.toContain('=?')
    expect(folded.split('\r\n').length).toBeGreaterThan(2)
  })

  test.each(['a\r\nBcc: x@example.com', 'a\nb', 'a\0b', 'a\x7f'])('refuses %j', (value) => {
    expect(() => encodeHeader('Subject', value)).toThrow(expect.objectContaining({ code: 'render.failed' }))
    expect(() => encodeMailbox('From', value, 'a@example.jp')).toThrow(expect.objectContaining({ code: 'render.failed' }))
  })
})

describe('encodeMailbox', () => {
  test.each([
    'Plain Name',
    '山田, "花子"',
    'Doe, Jane',
    'a "quoted" \\ name',
    '㈱飛石 <info>',
    '👩‍👩‍👧',
    'x'.repeat(90),
    'ｱｲｳ',
    "O'Brien (Sales)",
    '=?UTF-8?B?eA==?=',
  ])('the name %j is read as one mailbox with this name', (name) => {
    const [parsed, ...others] = addressparser(unfold(encodeMailbox('From', name, 'news@example.jp')).slice('From: '.length))
    expect(others).toEqual([])
    expect(parsed).toEqual({ name: expect.any(String), address: 'news@example.jp' })
    expect(libmime.decodeWords((parsed as { name: string }).name)).toBe(name)
  })
})
