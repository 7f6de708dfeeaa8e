import { column, type RefusedRow, readTable, type Table } from '@tobiishi/core/import'

const columns = {
  number: column.required(column.code(['受付番号'])),
  receivedAt: column.required(column.instant(['受付日時'])),
  name: column.text(['お名前', '氏名']),
  email: column.required(column.address(['メールアドレス'])),
  kind: column.required(column.text(['種別'])),
  brochure: column.text(['資料名']),
  consent: column.consent(['個人情報・案内メール', 'メルマガ']),
}

export interface Inquiry {
  readonly number: string
  readonly receivedAt: number
  readonly email: string
  readonly name: { readonly family?: string; readonly given?: string }
  /** null: a question, no brochure. */
  readonly brochure: string | null
  readonly hasConsented: boolean
}

export interface InquiryFile {
  readonly table: Table<typeof columns>
  readonly inquiries: readonly Inquiry[]
  readonly refused: readonly RefusedRow[]
  /** Rows that repeat a number. */
  readonly repeated: number
}

/** Reads the inquiry log; a number that comes twice is one inquiry. */
export const readInquiries = (bytes: Uint8Array): InquiryFile => {
  const table = readTable(bytes, columns)
  const byNumber = new Map<string, Inquiry>()
  for (const { value } of table.rows) {
    if (byNumber.has(value.number)) continue
    const [family = '', given = ''] = (value.name ?? '').split(/[\s\u3000]+/)
    byNumber.set(value.number, {
      number: value.number,
      receivedAt: value.receivedAt,
      email: value.email,
      name: { ...(family === '' ? {} : { family }), ...(given === '' ? {} : { given }) },
      brochure: value.kind === '資料請求' ? (value.brochure ?? '総合カタログ') : null,
      hasConsented: value.consent === 'granted',
    })
  }
  return { table, inquiries: [...byNumber.values()], refused: table.refused, repeated: table.rows.length - byNumber.size }
}
