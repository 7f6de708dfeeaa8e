import { describe, expect, it } from 'vitest'
import { normaliseAddress } from './normalise-address.ts'

const emailOf = (input: string): string => {
  const result = normaliseAddress(input)
  return result.kind === 'address' ? result.email : `refused: ${result.problem}`
}

describe('normaliseAddress', () => {
  it.each([
    ['taro@example.jp', 'taro@example.jp'],
    ['  taro@example.jp\n', 'taro@example.jp'],
    ['\u3000taro@example.jp\u3000', 'taro@example.jp'],
    ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ', 'taro@example.jp'],
    ['taro＠example.jp', 'taro@example.jp'],
    ['Taro.Yamada@Example.JP', 'Taro.Yamada@example.jp'],
    ['taro@日本語.jp', 'taro@xn--wgv71a119e.jp'],
    ['taro@日本語。jp', 'taro@xn--wgv71a119e.jp'],
    ['taro@XN--WGV71A119E.jp', 'taro@xn--wgv71a119e.jp'],
    ['taro@bücher.example', 'taro@xn--bcher-kva.example'],
    ['taro+news@gmail.com', 'taro+news@gmail.com'],
    ['t.a.r.o@gmail.com', 't.a.r.o@gmail.com'],
    ['"taro"@example.jp', 'taro@example.jp'],
    ["o'hara/sales@example.co.jp", "o'hara/sales@example.co.jp"],
    ['taro@mail.3com.example', 'taro@mail.3com.example'],
    ['a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
    ['abc.@docomo.ne.jp', 'abc.@docomo.ne.jp'],
    ['.abc@ezweb.ne.jp', '.abc@ezweb.ne.jp'],
    ['"a..b."@au.com', 'a..b.@au.com'],
    ['a..b@hm.ezweb.ne.jp', 'a..b@hm.ezweb.ne.jp'],
  ])('takes %j', (input, email) => {
    expect(emailOf(input)).toBe(email)
  })

  it.each([
    ['', 'empty'],
    ['\u3000 ', 'empty'],
    ['taro', 'no-at-sign'],
    ['@example.jp', 'no-at-sign'],
    ['taro@', 'no-at-sign'],
    ['a@example.jp, b@example.jp', 'several-addresses'],
    ['a@example.jp、b@example.jp', 'several-addresses'],
    ['a@example.jp；b@example.jp', 'several-addresses'],
    ['a@example.jp\nb@example.jp', 'several-addresses'],
    ['a@example.jp b@example.jp', 'several-addresses'],
    ['a@b@example.jp', 'bad-local-part'],
    ['a\r\nBcc: x@example.jp', 'control-characters'],
    ['ta\u0000ro@example.jp', 'control-characters'],
    ['ta\u200bro@example.jp', 'invisible-characters'],
    ['taro@exam\u200bple.jp', 'invisible-characters'],
    ['\u202etaro@example.jp', 'invisible-characters'],
    ['taro\u2066@example.jp', 'invisible-characters'],
    ['ta\u00adro@example.jp', 'invisible-characters'],
    ['taro\ufe0f@example.jp', 'invisible-characters'],
    ['太郎@example.jp', 'non-ascii-local-part'],
    ['töro@example.jp', 'non-ascii-local-part'],
    ['ta ro@example.jp', 'bad-local-part'],
    ['山田 <taro@example.jp>', 'non-ascii-local-part'],
    ['Taro <taro@example.jp>', 'bad-local-part'],
    ['mailto:taro@example.jp', 'bad-local-part'],
    ['a..b@example.jp', 'bad-local-part'],
    ['abc.@gmail.com', 'bad-local-part'],
    ['.abc@softbank.ne.jp', 'bad-local-part'],
    ['taro@localhost', 'bad-domain'],
    ['taro@example', 'bad-domain'],
    ['taro@example.jp.', 'bad-domain'],
    ['taro@-example.jp', 'bad-domain'],
    ['taro@exa_mple.jp', 'bad-domain'],
    ['taro@example..jp', 'bad-domain'],
    ['taro@192.0.2.1', 'bad-domain'],
    ['taro@[192.0.2.1]', 'bad-domain'],
    ['taro@0x7f.1', 'bad-domain'],
    ['taro@example.jp:25', 'bad-domain'],
    ['taro@example.jp/x', 'bad-domain'],
    ['taro@ex%61mple.jp', 'bad-domain'],
    [`${'a'.repeat(65)}@example.jp`, 'too-long'],
    [`${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.jp`, 'too-long'],
  ])('refuses %j', (input, problem) => {
    expect(emailOf(input)).toBe(`refused: ${problem}`)
  })

  it('compares without regard to case, and mails what was typed', () => {
    expect(normaliseAddress('Taro@EXAMPLE.jp')).toEqual({
      kind: 'address',
      email: 'Taro@example.jp',
      emailKey: 'taro@example.jp',
      domain: 'example.jp',
    })
  })

  it('leaves its own result as it is', () => {
    for (const input of ['ＴＡＲＯ＠日本語。jp', '"a..b."@docomo.ne.jp', ' X@y.example ']) {
      expect(emailOf(emailOf(input))).toBe(emailOf(input))
    }
  })
})
