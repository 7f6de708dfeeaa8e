import { type Column, type ConsentAnswer, column, type RefusedRow, readTable, type Table } from '@tobiishi/core/import'

const ranks = new Map([
  ['一般', 'free'],
  ['プレミアム', 'pro'],
] as const)

/** What cannot be read is taken as blank, with a hint: for a column that no mail depends on. */
const orBlank = <T>(inner: Column<T>): Column<T | null> => ({
  ...inner,
  parse: (cell) => {
    const parsed = inner.parse(cell)
    return 'reason' in parsed ? { value: null, hint: `${parsed.reason}。空として取り込みます` } : parsed
  },
})

/**
 * Headings in Japanese first, then English. A wrong number, address, consent, rank or birthday refuses the row, because mail
 * would go astray or say something wrong; a wrong day of registration does not.
 */
export const customerColumns = {
  id: column.required(column.code(['会員番号', '顧客ID', '顧客番号', 'ID', 'customer id', 'member id'])),
  family: column.text(['姓', '氏名', 'お名前', '名前', 'last name', 'name']),
  given: column.text(['名', 'first name']),
  organisation: column.text(['会社名', '企業名', 'company']),
  department: column.text(['部署', '部署名', 'department']),
  email: column.address(['メールアドレス', 'Eメール', 'メール', 'E-mail', 'email', 'email address', 'mail']),
  birthday: column.date(['生年月日', '誕生日', 'birthday', 'date of birth']),
  rank: column.text(['会員ランク', 'ランク', 'rank']),
  consent: column.consent(['メルマガ', 'メルマガ希望', 'メール配信', 'newsletter', 'opt-in']),
  registeredAt: orBlank(column.instant(['登録日', '登録日時', '入会日', 'registered at', 'registered'])),
}

export interface Customer {
  readonly line: number
  readonly id: string
  readonly name: {
    readonly family?: string
    readonly given?: string
    readonly organisation?: string
    readonly department?: string
  }
  readonly email: string | null
  readonly birthday: string | null
  readonly plan: 'free' | 'pro'
  readonly consent: ConsentAnswer
  readonly registeredAt: number | null
}

export interface CustomerFile {
  readonly table: Table<typeof customerColumns>
  readonly customers: readonly Customer[]
  readonly refused: readonly RefusedRow[]
  /** Rows whose address another row has already: one contact, and the refusal wins. */
  readonly merged: readonly { readonly line: number; readonly into: string }[]
}

/** Reads the customer list: one contact a number and a mailbox, everything else refused with its reason or merged. */
export const readCustomers = (bytes: Uint8Array): CustomerFile => {
  const table = readTable(bytes, customerColumns)
  const refused = [...table.refused]
  const merged: { line: number; into: string }[] = []
  const byId = new Map<string, Customer>()
  const byMailbox = new Map<string, string>()
  for (const { line, value, cells } of table.rows) {
    const plan = ranks.get((value.rank ?? '一般') as '一般')
    const refuse = (column: string, reason: string) => refused.push({ line, column, reason, cells })
    if (plan === undefined) refuse('会員ランク', '会員ランクは「一般」か「プレミアム」です')
    else if (byId.has(value.id)) refuse('会員番号', '会員番号が重複しています')
    else {
      const mailbox = value.email?.toLowerCase()
      const first = mailbox === undefined ? undefined : byId.get(byMailbox.get(mailbox) ?? '')
      if (first) {
        byId.set(first.id, { ...first, consent: stricter(first.consent, value.consent ?? 'none') })
        merged.push({ line, into: first.id })
        continue
      }
      const name = { family: value.family, given: value.given, organisation: value.organisation, department: value.department }
      if (mailbox !== undefined) byMailbox.set(mailbox, value.id)
      byId.set(value.id, {
        line,
        id: value.id,
        name: filled(name),
        email: value.email,
        birthday: value.birthday,
        plan,
        consent: value.consent ?? 'none',
        registeredAt: value.registeredAt,
      })
    }
  }
  return { table, customers: [...byId.values()], refused: refused.toSorted((a, b) => a.line - b.line), merged }
}

const stricter = (one: ConsentAnswer, other: ConsentAnswer): ConsentAnswer =>
  one === 'withdrawn' || other === 'withdrawn' ? 'withdrawn' : one === 'granted' || other === 'granted' ? 'granted' : 'none'

const filled = <T extends { readonly [part: string]: string | null }>(parts: T): { [K in keyof T]?: string } =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([key, value]) => (value === null ? [] : [[key, value.replace(/\s*\n\s*/g, ' ')]])),
  ) as { [K in keyof T]?: string }
