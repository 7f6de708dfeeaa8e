import { describe, expect, it } from 'vitest'
import { addressHint } from './address-hint.ts'
import { carrierOf } from './carriers.ts'
import { contactHash } from './contact-hash.ts'
import { extractAddress } from './extract-address.ts'
import { quoteForWire } from './quote-for-wire.ts'
import { routeOf } from './route-of.ts'

describe('routeOf', () => {
  it.each([
    ['gmail.com', 'gmail'],
    ['googlemail.com', 'gmail'],
    ['yahoo.com', 'yahoo'],
    ['yahoo.co.uk', 'yahoo'],
    ['yahoo.fr', 'yahoo'],
    ['aol.com', 'yahoo'],
    ['yahoo.co.jp', 'yahoo-japan'],
    ['ybb.ne.jp', 'yahoo-japan'],
    ['outlook.com', 'outlook'],
    ['outlook.jp', 'outlook'],
    ['hotmail.co.jp', 'outlook'],
    ['live.jp', 'outlook'],
    ['icloud.com', 'icloud'],
    ['docomo.ne.jp', 'docomo'],
    ['ezweb.ne.jp', 'au'],
    ['hm.ezweb.ne.jp', 'au'],
    ['au.com', 'au'],
    ['uqmobile.jp', 'au'],
    ['t.vodafone.ne.jp', 'softbank'],
    ['jp-k.ne.jp', 'softbank'],
    ['i.softbank.jp', 'softbank'],
    ['ymobile.ne.jp', 'softbank'],
    ['dj.pdx.ne.jp', 'softbank'],
    ['rakumail.jp', 'rakuten'],
    ['example.co.jp', 'other'],
    ['notgmail.com', 'other'],
    ['gmail.com.evil.example', 'other'],
    ['docomo.co.jp', 'other'],
    ['x.vodafone.ne.jp', 'other'],
  ])('%s goes to %s', (domain, route) => {
    expect(routeOf(domain)).toBe(route)
  })

  it('knows UQ and Y!mobile apart from the networks that carry them', () => {
    expect([carrierOf('uqmobile.jp'), carrierOf('y-mobile.ne.jp'), carrierOf('example.jp')]).toEqual(['uq', 'ymobile', null])
  })
})

describe('contactHash', () => {
  it('is FNV-1a 32 by its published vectors, without the sign bit', () => {
    expect(contactHash('')).toEqual({ hash: 0x811c9dc5 & 0x7fffffff, lane: 0x05 })
    expect(contactHash('a')).toEqual({ hash: 0xe40c292c & 0x7fffffff, lane: 0x2c })
    expect(contactHash('foobar')).toEqual({ hash: 0xbf9cf968 & 0x7fffffff, lane: 0x28 })
  })

  it('spreads ids over every lane', () => {
    const lanes = new Set(Array.from({ length: 2_000 }, (_, n) => contactHash(`c_${n}`).lane))
    expect(lanes.size).toBe(64)
  })
})

describe('extractAddress', () => {
  it.each([
    ['山田 花子 <a@example.jp>', '山田 花子', 'a@example.jp'],
    ['"Yamada, Hanako" <a@example.jp>', 'Yamada, Hanako', 'a@example.jp'],
    ['山田＜a@example.jp＞', '山田', 'a@example.jp'],
    ['<a@example.jp>', null, 'a@example.jp'],
    [' a@example.jp ', null, 'a@example.jp'],
    ['A <a@example.jp>, B <b@example.jp>', null, 'A <a@example.jp>, B <b@example.jp>'],
  ])('splits %j', (cell, displayName, address) => {
    expect(extractAddress(cell)).toEqual({ displayName, address })
  })
})

describe('quoteForWire', () => {
  it('quotes only what SMTP would not take bare', () => {
    expect(quoteForWire('a..b.@docomo.ne.jp')).toBe('"a..b."@docomo.ne.jp')
    expect(quoteForWire('.abc@ezweb.ne.jp')).toBe('".abc"@ezweb.ne.jp')
    expect(quoteForWire('taro.yamada@example.jp')).toBe('taro.yamada@example.jp')
  })
})

describe('addressHint', () => {
  it('names what was probably meant', () => {
    expect(addressHint('gmial.com')).toBe('gmail.com')
    expect(addressHint('docomo.co.jp')).toBe('docomo.ne.jp')
    expect(addressHint('example.con')).toBe('example.com')
    expect(addressHint('gmail.com')).toBeNull()
    expect(addressHint('yahoo.co.jp')).toBeNull()
  })
})
