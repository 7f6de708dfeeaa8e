import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { column } from './column.ts'
import { readTable } from './read-table.ts'
import { writeRefused } from './write-table.ts'

const columns = {
  id: column.required(column.code(['会員番号', '顧客ID'])),
  email: column.address(['メールアドレス', 'E-mail']),
  name: column.text(['氏名']),
  birthday: column.date(['生年月日']),
  consent: column.consent(['メルマガ']),
}
const sheet = (rows: string) => `顧客台帳,,,,\n出力日:2026/11/01,,,,\n会員番号,氏名,メールアドレス,生年月日,メルマガ\n${rows}`
const read = (rows: string) => readTable(Buffer.from(sheet(rows)), columns)

describe('readTable', () => {
  it.each(['utf-8', 'cp932', 'euc-jp', 'utf-16le'] as const)('reads the same customers from %s', (encoding) => {
    const text = sheet('1,髙橋 表,a@example.jp,1985/4/1,希望する\n2,山﨑 能,b@example.jp,,しない\n').replace(
      /髙|﨑/g,
      encoding === 'euc-jp' ? '高' : '$&',
    )
    const bytes =
      encoding === 'utf-16le'
        ? Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
        : iconv.encode(text, encoding)
    const table = readTable(bytes, columns)
    expect(table.encoding).toBe(encoding)
    expect(table.headerLine).toBe(3)
    expect(table.rows.map((row) => [row.line, row.value.id, row.value.email, row.value.birthday, row.value.consent])).toEqual([
      [4, '1', 'a@example.jp', '1985-04-01', 'granted'],
      [5, '2', 'b@example.jp', null, 'withdrawn'],
    ])
    expect(table.rows[0]?.value.name).toMatch(/表$/)
  })

  it("reads Excel's Unicode text: tabs and UTF-16LE", () => {
    const text = '会員番号\t氏名\tメールアドレス\r\n="0012"\t山田\ta@example.jp\r\n'
    const table = readTable(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), columns)
    expect(table.delimiter).toBe('\t')
    expect(table.rows[0]?.value.id).toBe('0012')
  })

  it('refuses bad rows with line, column and reason, and takes the others', () => {
    const table = read(
      '1,山田,a@example.jp,1985/2/30,1\n1.23E+10,佐藤,b@example.jp,,1\n,鈴木,c@example.jp,,1\n4,"改行\nあり",d@example.jp,S60.4.1,たぶん\n5,田中,e@example.jp,昭和60年4月1日,×\n',
    )
    expect(table.refused.map(({ line, column, reason }) => [line, column, reason.slice(0, 11)])).toEqual([
      [4, '生年月日', '日付として読めません'],
      [5, '会員番号', '「1.23E+10」は'],
      [6, '会員番号', '必須の欄が空です'],
      [7, 'メルマガ', '配信希望の欄が「する/'],
    ])
    expect(table.rows).toHaveLength(1)
    expect(table.rows[0]).toMatchObject({ line: 9, value: { id: '5', birthday: '1985-04-01', consent: 'withdrawn' } })
  })

  it('leaves blank rows and totals out without a complaint', () => {
    const table = read('1,山田,a@example.jp,,\n,,,,\n合計,1件,,,\n')
    expect(table.rows).toHaveLength(1)
    expect(table.refused).toEqual([])
    expect(table.ignored.map(({ why }) => why)).toEqual(['blank', 'total'])
  })

  it('keeps full-width input readable: addresses, digits, spaces', () => {
    const table = read('１２,　山田　,ａ＠ｅｘａｍｐｌｅ．ｊｐ,２０００年１月２日,○\n')
    expect(table.rows[0]?.value).toEqual({
      id: '12',
      name: '山田',
      email: 'a@example.jp',
      birthday: '2000-01-02',
      consent: 'granted',
    })
  })

  it('hints at a mistyped domain and never corrects it', () => {
    const table = read('1,山田,a@gmial.com,,\n')
    expect(table.rows[0]?.value.email).toBe('a@gmial.com')
    expect(table.hints[0]?.hint).toContain('gmail.com')
  })

  it('says which column is missing when there is no header', () => {
    expect(() => readTable(Buffer.from('a,b\n1,2\n'), columns)).toThrow(/会員番号/)
  })

  it('says at which line a quotation mark is not closed', () => {
    expect(() => read('1,"山田,a@example.jp,,\n')).toThrow(/line \d+/)
  })

  it('writes refused rows reason first and disarms formulas', () => {
    const table = read('1,=HYPERLINK("x"),a@example.jp,いつか,1\n')
    const csv = writeRefused(table).toString('utf8')
    expect(csv.startsWith('\ufeff理由,列,行,会員番号')).toBe(true)
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
  })
})
