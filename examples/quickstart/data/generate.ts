/**
 * Makes customers.csv, orders.csv and inquiries.csv: 架空データ, the same on every machine. Run it after a change:
 * `node examples/quickstart/data/generate.ts`.
 */
import { writeFileSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import iconv from 'iconv-lite'
import { awkwardRows } from './awkward-rows.ts'
import { seeded } from './random.ts'

const families =
  '佐藤 鈴木 髙橋 田中 伊藤 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山﨑 森 池田 橋本 阿部 石川 前田 藤田 後藤 長谷川'.split(
    ' ',
  )
const givens =
  '蓮 湊 樹 大翔 悠真 陽葵 凛 結菜 莉子 葵 誠 健一 直樹 美咲 恵子 花子 太郎 一郎 裕子 智子 翔太 拓海 彩 真由美 浩二'.split(' ')
const companies = ['株式会社架空商事', '有限会社サンプル製作所', '㈱見本システム', '架空工業株式会社', '合同会社テスト企画']
const departments = ['営業部', '総務部', '購買課', '情報システム部']
const items = [
  ['飛石ドリップコーヒー 10袋', 1_480],
  ['石畳クッキー詰合せ', 2_160],
  ['庭石マグカップ', 3_300],
  ['苔玉キット', 4_950],
  ['枯山水デスクセット', 12_800],
] as const
const brochures = ['庭づくり入門', 'オフィス緑化ガイド', 'ギフトカタログ']
const random = seeded(20_260_901)
const two = (value: number) => String(value).padStart(2, '0')
const dayOf = (start: string, days: number): Date => new Date(Date.parse(`${start}T00:00:00Z`) + days * 86_400_000)
const slashed = (date: Date) => `${date.getUTCFullYear()}/${date.getUTCMonth() + 1}/${date.getUTCDate()}`
const clockTime = () => `${two(8 + random.below(14))}:${two(random.below(60))}`
const full = (text: string) => text.replace(/[0-9,]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))

export const campaignStart = '2026-09-01'

const domains = ['example.jp', 'example.jp', 'example.com', 'mail.example.jp', 'shop.example.net', 'example.org']
const birthday = () => {
  const date = dayOf('1955-01-01', random.below(18_000))
  return random.pick([
    slashed(date),
    date.toISOString().slice(0, 10).replaceAll('-', ''),
    `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`,
    '',
    '',
  ])
}
const consentWord = () =>
  random.pick(['希望する', '希望する', '希望する', '希望する', '希望する', '希望する', '1', '○', '希望しない', ''])

/** Numbers 1…972; those from 931 on register while the campaign runs. */
const ordinary = Array.from({ length: 972 }, (_, index) => {
  const number = index + 1
  const isNew = number > 930
  const isCompany = random.chance(0.2)
  const mailbox = random.chance(0.02) ? 'gone' : random.chance(0.01) ? 'full' : random.chance(0.01) ? 'busy' : 'user'
  const registered = isNew ? dayOf(campaignStart, random.below(20)) : dayOf('2023-04-01', random.below(1_240))
  return {
    id: two(number).padStart(5, '0'),
    email: `${mailbox}${number}@${random.pick(domains)}`,
    cells: [
      two(number).padStart(5, '0'),
      random.pick(families),
      random.pick(givens),
      isCompany ? random.pick(companies) : '',
      isCompany ? random.pick(departments) : '',
      '',
      birthday(),
      random.pick(['一般', '一般', '一般', 'プレミアム']),
      isNew ? '希望する' : consentWord(),
      isNew ? `${slashed(registered)} ${clockTime()}` : slashed(registered),
    ],
  }
}).map((row) => ({ ...row, cells: row.cells.map((cell, at) => (at === 5 ? row.email : cell)) }))

const customerRows = ordinary.map(({ cells }) => cells)
for (const [at, { cells }] of awkwardRows.entries()) customerRows.splice(20 + at * 31, 0, [...cells])
const customers = [
  ['飛石ショップ 顧客台帳(架空データ)'],
  ['出力日:2026/08/31', '', '担当:システム'],
  [],
  ['会員番号', '姓', '名', '会社名', '部署', 'メールアドレス', '生年月日', '会員ランク', 'メルマガ', '登録日'],
  ...customerRows,
  ['合計', `${customerRows.length}件`],
]

const orderRows: string[][] = []
let orderNumber = 10_000
const addOrder = (buyer: { readonly id: string; readonly email: string }, when: Date) => {
  orderNumber += 1
  const state = random.chance(0.04) ? 'キャンセル' : random.chance(0.03) ? '返品' : '完了'
  const time = `${slashed(when)} ${clockTime()}`
  for (let line = 0; line <= random.below(3); line += 1) {
    const [item, price] = random.pick(items)
    const quantity = 1 + random.below(3)
    const amount = (price * quantity).toLocaleString('en-US')
    orderRows.push([
      `A${orderNumber}`,
      time,
      buyer.id,
      buyer.email,
      item,
      String(quantity),
      random.pick([`${amount}円`, `¥${amount}`, amount, full(amount)]),
      state,
    ])
  }
}
for (const customer of ordinary.slice(0, 930)) {
  const count = random.pick([0, 1, 1, 2, 3])
  const last = random.chance(0.4) ? random.below(85) : 95 + random.below(500)
  for (let at = 0; at < count; at += 1) addOrder(customer, dayOf(campaignStart, -last - 1 - at * (20 + random.below(40))))
}
for (let guest = 1; guest <= 25; guest += 1)
  addOrder({ id: '', email: `guest${guest}@example.com` }, dayOf(campaignStart, -1 - random.below(300)))
const orders = [
  ['注文番号', '注文日時', '会員番号', 'メールアドレス', '商品名', '数量', '小計', '状態'],
  ...orderRows,
  ['合計', '', '', '', '', '', `${orderRows.length}件`, ''],
]
orders.splice(40, 0, [
  'A99999',
  '2026/13/45 99:99',
  '00001',
  'user1@example.jp',
  '飛石ドリップコーヒー 10袋',
  '1',
  '1,480円',
  '完了',
])
orders.splice(60, 0, ['A99998', '2026/08/01 10:00', '00002', '', '石畳クッキー詰合せ', '1', '別途見積', '完了'])

const inquiryRows = Array.from({ length: 180 }, (_, index) => {
  const isKnown = random.chance(0.35)
  const asker = isKnown ? random.pick(ordinary.slice(0, 900)) : null
  const isBrochure = random.chance(0.75)
  const name = asker ? `${asker.cells[1]} ${asker.cells[2]}` : `${random.pick(families)} ${random.pick(givens)}`
  return [
    `Q${1_000 + index}`,
    `${slashed(dayOf(campaignStart, index < 20 ? -30 + random.below(28) : random.below(18)))} ${clockTime()}`,
    name,
    asker?.email ?? `lead${index + 1}@${random.pick(domains)}`,
    isBrochure ? '資料請求' : 'お問い合わせ',
    isBrochure ? random.pick(brochures) : '',
    random.pick([
      'よろしくお願いします。',
      '導入を検討しています。\n担当者からの連絡を希望します。',
      '',
      '価格を教えてください。',
    ]),
    random.pick(['同意する', '同意する', '同意する', '']),
  ]
})
inquiryRows.push(['Q1999', '2026/9/3 10:00', '不明', 'not-an-address', '資料請求', 'ギフトカタログ', '', '同意する'])
inquiryRows.push([...(inquiryRows[30] ?? [])])
const inquiries = [
  ['受付番号', '受付日時', 'お名前', 'メールアドレス', '種別', '資料名', '本文', '個人情報・案内メール'],
  ...inquiryRows,
]

const write = (name: string, bytes: Uint8Array) => writeFileSync(new URL(name, import.meta.url), bytes)
const csv = (rows: readonly (readonly string[])[], delimiter = ',') =>
  stringify([...rows.map((row) => [...row])], { record_delimiter: 'windows', delimiter })
write('customers.csv', iconv.encode(csv(customers), 'cp932'))
write('orders.csv', Buffer.from(`\ufeff${csv(orders)}`, 'utf8'))
write('inquiries.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv(inquiries, '\t'), 'utf16le')]))
