import { describe, expect, it } from 'vitest'
import { salutation } from './honorific.ts'

const full = { organisation: '株式会社飛石', department: '営業部', title: '部長', family: '山田', given: '花子' }

describe('the Japanese salutation', () => {
  it.each([
    [full, '株式会社飛石 営業部 部長 山田 花子 様'],
    [{ family: '山田', given: '花子' }, '山田 花子 様'],
    [{ family: '山田' }, '山田 様'],
    [{ given: '花子' }, '花子 様'],
    [{ organisation: '株式会社飛石' }, '株式会社飛石 御中'],
    [{ organisation: '株式会社飛石', department: '営業部' }, '株式会社飛石 営業部 御中'],
    [{ organisation: '株式会社飛石', title: '部長' }, '株式会社飛石 ご担当者様'],
    [{ organisation: '株式会社飛石', family: 'ご担当者様' }, '株式会社飛石 ご担当者様'],
    [{ title: '部長' }, 'ご担当者様'],
    [{}, 'お客様'],
  ])('of %j is %s', (name, expected) => {
    expect(salutation(name, 'ja')).toBe(expected)
  })

  it('drops what the data already says', () => {
    expect(salutation({ family: '山田様' }, 'ja')).toBe('山田 様')
    expect(salutation({ family: '山田', given: '花子さん' }, 'ja')).toBe('山田 花子 様')
    expect(salutation({ family: '山田', given: '太郎 殿' }, 'ja')).toBe('山田 太郎 様')
    expect(salutation({ organisation: '株式会社飛石　御中' }, 'ja')).toBe('株式会社飛石 御中')
    expect(salutation({ organisation: '株式会社飛石 御中', family: '山田' }, 'ja')).toBe('株式会社飛石 山田 様')
  })

  it('leaves 殿 in a family name that has a given name after it', () => {
    expect(salutation({ family: '鵜殿', given: '花子' }, 'ja-JP')).toBe('鵜殿 花子 様')
  })

  it.each(['-', '－', 'ー', '不明', 'テスト', 'ﾃｽﾄ', 'TEST', '　', '様', 'テスト様'])('takes %j for no name', (family) => {
    expect(salutation({ family }, 'ja')).toBe('お客様')
  })

  it('never has 様 and 御中 together and never given before family', () => {
    for (const organisation of ['', '飛石', '飛石御中', '飛石様']) {
      for (const family of ['', '山田', '山田様', '担当者']) {
        const text = salutation({ organisation, family, given: family === '' ? '' : '花子' }, 'ja')
        expect(text.includes('様') && text.includes('御中')).toBe(false)
        expect(text).not.toMatch(/花子 山田|様様|様 様/)
      }
    }
  })

  it('keeps characters as they are written', () => {
    expect(salutation({ organisation: '㈱髙島', family: '髙橋' }, 'ja')).toBe('㈱髙島 髙橋 様')
  })
})

describe('the salutation in other languages', () => {
  it('is the full name, or Customer', () => {
    expect(salutation({ family: 'Smith', given: 'Ann', title: 'Director' }, 'en')).toBe('Ann Smith')
    expect(salutation({ organisation: 'Acme' }, 'en')).toBe('Customer')
    expect(salutation({ family: '山田', given: '花子' }, 'en')).toBe('山田 花子')
  })
})
