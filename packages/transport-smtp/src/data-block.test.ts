import { describe, expect, it } from 'vitest'
import { dotStuffed, withSafeLineEnds } from './data-block.ts'

/** What a receiver makes of the data that takes CRLF, a lone CR and a lone LF alike for a line end. */
const linesOfLaxReceiver = (data: Buffer): string[] => data.toString('latin1').split(/\r\n|\r|\n/)

const pieces = ['a', '.', '..', '\r\n', '\r', '\n', '.\r\n', '\r\n.\r\n', '\n.\n', '\r.\r', '\n.\r\n', 'MAIL FROM:<x@y>']

describe('no receiver sees another end of the mail', () => {
  it('whatever line ends and dots stand next to each other', () => {
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces) {
          const data = dotStuffed(withSafeLineEnds(Buffer.from(`H: v\r\n\r\n${a}${b}${c}`)))
          expect(linesOfLaxReceiver(data)).not.toContain('.')
          expect(data.toString('latin1').endsWith('\r\n')).toBe(true)
        }
  })
})

it('leaves mail with clean line ends as it is, uncopied', () => {
  const raw = Buffer.from('H: v\r\n\r\nbody\r\n')
  expect(withSafeLineEnds(raw)).toEqual(raw)
  expect(withSafeLineEnds(raw).buffer).toBe(raw.buffer)
  expect(dotStuffed(raw)).toBe(raw)
})

it('is undone by a receiver', () => {
  const raw = Buffer.from('.first\r\n.\r\n..\r\nmiddle . dot\r\n.last\r\n')
  expect(dotStuffed(raw).toString().replace(/^\./gm, '')).toBe(raw.toString())
})
