import { describe, expect, test } from 'vitest'
import { TobiishiError } from '../errors/index.ts'
import { createSigner } from './create-signer.ts'

const old = { id: 'k1', value: 'the first secret, 32 bytes or more of it' }
const fresh = { id: 'k2', value: 'the second secret, 32 bytes or more of it' }
const messageId = 'Zm9vYmFyYmF6cXV4'

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act()
  } catch (error) {
    return TobiishiError.is(error) ? error.code : undefined
  }
  return undefined
}

describe('createSigner', () => {
  test('a token says which message it is of, and nothing else', () => {
    const token = createSigner([old]).measure(messageId)
    expect(token).toMatch(/^v1\.k1\.Zm9vYmFyYmF6cXV4\.[A-Za-z0-9_-]{22}$/)
    expect(createSigner([old]).verify('measure', token)).toEqual({ messageId })
  })

  test('the address of a pixel does not unsubscribe', () => {
    const signer = createSigner([old])
    expect(signer.verify('leave', signer.measure(messageId))).toBeNull()
    expect(signer.verify('leave', signer.leave(messageId))).toEqual({ messageId })
  })

  test('links signed with a replaced secret keep working, and new ones carry the new id', () => {
    const token = createSigner([old]).leave(messageId)
    const both = createSigner([fresh, old])
    expect(both.verify('leave', token)).toEqual({ messageId })
    expect(both.leave(messageId)).toMatch(/^v1\.k2\./)
    expect(createSigner([fresh]).verify('leave', token)).toBeNull()
  })

  test.each([
    ['another message', (token: string) => token.replace('Zm9v', 'Zm9w')],
    ['another tag', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['a cut tag', (token: string) => token.slice(0, -1)],
    ['no tag', (token: string) => token.slice(0, token.lastIndexOf('.'))],
    ['another version', (token: string) => token.replace('v1', 'v2')],
    ['another key', (token: string) => token.replace('k1', 'k2')],
    ['a fifth part', (token: string) => `${token}.x`],
    ['nothing', () => ''],
  ])('refuses %s', (_what, forge) => {
    const signer = createSigner([old, fresh])
    expect(signer.verify('measure', forge(signer.measure(messageId)))).toBeNull()
  })

  test('an address signed for one link of one mail is none for another', () => {
    const signer = createSigner([old])
    const signed = signer.url(messageId, 3, 'https://example.jp/?q=飛石')
    expect(signer.verifyUrl(messageId, 3, signed)).toBe('https://example.jp/?q=飛石')
    expect(signer.verifyUrl(messageId, 4, signed)).toBeNull()
    expect(signer.verifyUrl('another', 3, signed)).toBeNull()
    const [version, kid, , tag] = signed.split('.')
    const evil = Buffer.from('https://evil.example').toString('base64url')
    expect(signer.verifyUrl(messageId, 3, [version, kid, evil, tag].join('.'))).toBeNull()
  })

  test('says what is wrong with the secrets', () => {
    expect(codeOf(() => createSigner([]))).toBe('config.invalid')
    expect(codeOf(() => createSigner([{ id: 'k1', value: 'short' }]))).toBe('config.secret_too_short')
    expect(codeOf(() => createSigner([{ ...old, id: 'a.b' }]))).toBe('config.invalid')
    expect(codeOf(() => createSigner([old, { ...fresh, id: 'k1' }]))).toBe('config.invalid')
  })

  test('a message id that would change the address is refused', () => {
    expect(codeOf(() => createSigner([old]).measure('a/../b'))).toBe('render.failed')
  })
})
