import { expect, test } from 'vitest'
import { createAddressKeys } from './address-keys.ts'

const key = 'an address key of at least 32 bytes'

test('the same address has the same key on every start, and an address never equals a domain', () => {
  const keys = createAddressKeys(key)
  expect(keys.address('a@example.jp')).toBe(createAddressKeys(key).address('a@example.jp'))
  expect(keys.address('a@example.jp')).not.toBe(keys.address('b@example.jp'))
  expect(keys.address('example.jp').slice(2)).not.toBe(keys.domain('example.jp').slice(2))
  expect(keys.address('a@example.jp')).toMatch(/^a:[A-Za-z0-9_-]{43}$/)
  expect(keys.domain('Example.JP')).toBe(keys.domain('example.jp'))
})

test('another address key is noticed by its check value', () => {
  expect(createAddressKeys(key).check).not.toBe(createAddressKeys(`${key}!`).check)
})

test('a short address key is refused', () => {
  expect(() => createAddressKeys('short')).toThrow(expect.objectContaining({ code: 'config.secret_too_short' }))
})
