import type { ContactName } from '../contact/contact.ts'

/** Values that stand in data where a name is missing. */
const placeholders = new Set(['-', '--', '不明', 'テスト', 'test', 'なし', '無し', '未入力', '名無し', 'n/a'])
const personUnknown = new Set(['担当者', 'ご担当者', '御担当者', '担当'])

/**
 * How a mail addresses its reader, from the parts of the name (facts §1): 「株式会社飛石 営業部 部長 山田 花子 様」, 「山田 様」,
 * organisation or department 「御中」, a person meant but not known 「ご担当者様」, nothing 「お客様」. 様, 殿, さん and 御中
 * already in the data are dropped, and 「-」「不明」「テスト」 count as no name. Other languages get the full name, or "Customer".
 */
export const salutation = (name: ContactName, locale: string): string =>
  /^ja\b/i.test(locale) ? japaneseSalutation(name) : fullName(name)

const japaneseSalutation = (name: ContactName): string => {
  const organisation = [name.organisation, name.department].map(cleanOrganisation).filter((part) => part !== '')
  const title = cleanPart(name.title, /(?:様|さま|殿)$/u)
  const { person, isMeant } = personName(name)
  if (person !== '') return `${[...organisation, title, person].filter((part) => part !== '').join(' ')} 様`
  if (isMeant || title !== '') return [...organisation, 'ご担当者様'].join(' ')
  return organisation.length > 0 ? `${organisation.join(' ')} 御中` : 'お客様'
}

const fullName = (name: ContactName): string => {
  const { person, family, given } = personName(name)
  if (person === '') return 'Customer'
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(person)
    ? person
    : [given, family].filter((part) => part !== '').join(' ')
}

/** 殿 also ends family names (鵜殿, 貴殿): it is an honorific only where nothing follows. */
const personName = (name: ContactName) => {
  const given = cleanPart(name.given, /(?:様|さま|殿|さん)$/u)
  const family = cleanPart(name.family, given === '' ? /(?:様|さま|殿|さん)$/u : /(?:様|さま|さん)$/u)
  const isMeant = personUnknown.has(family) || personUnknown.has(given)
  const person = isMeant ? '' : [family, given].filter((part) => part !== '').join(' ')
  return { person, family, given, isMeant }
}

const cleanOrganisation = (part: string | undefined): string => cleanPart(part, /(?:御中|様|殿)$/u)

const cleanPart = (part: string | undefined, honorific: RegExp): string => {
  const spaced = (part ?? '').replace(/\s+/gu, ' ').trim()
  const bare = spaced.replace(honorific, '').trim()
  return isPlaceholder(bare) ? '' : bare
}

const isPlaceholder = (part: string): boolean => {
  const folded = part
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ー―‐−–—]/gu, '-')
  return placeholders.has(folded) || placeholders.has(part.normalize('NFKC'))
}
