import { column, type RefusedRow, readTable, type Table } from '@tobiishi/core/import'

const columns = {
  number: column.required(column.code(['注文番号'])),
  orderedAt: column.required(column.instant(['注文日時', '注文日'])),
  customer: column.code(['会員番号']),
  email: column.address(['メールアドレス']),
  item: column.required(column.text(['商品名'])),
  quantity: column.required(column.amount(['数量'])),
  amount: column.required(column.amount(['小計', '金額'])),
  state: column.text(['状態', 'ステータス']),
}

export interface Order {
  readonly number: string
  readonly orderedAt: number
  /** null: a guest. */
  readonly customer: string | null
  readonly email: string | null
  readonly items: number
  readonly total: number
}

export interface OrderFile {
  readonly table: Table<typeof columns>
  readonly orders: readonly Order[]
  readonly refused: readonly RefusedRow[]
  readonly cancelled: number
  readonly returned: number
}

/** Reads orders of one row per item: rows of a number are one order; cancelled and returned ones are counted and are no purchase. */
export const readOrders = (bytes: Uint8Array): OrderFile => {
  const table = readTable(bytes, columns)
  const rows = Map.groupBy(table.rows, ({ value }) => value.number)
  const broken = new Set(table.refused.map(({ cells }) => cells[0]))
  let cancelled = 0
  let returned = 0
  const orders: Order[] = []
  for (const [number, lines] of rows) {
    const first = lines[0]?.value
    if (!first || broken.has(number)) continue
    if (first.state === 'キャンセル') cancelled += 1
    else if (first.state === '返品') returned += 1
    else
      orders.push({
        number,
        orderedAt: first.orderedAt,
        customer: first.customer,
        email: first.email,
        items: lines.length,
        total: lines.reduce((sum, { value }) => sum + value.amount, 0),
      })
  }
  return { table, orders, refused: table.refused, cancelled, returned }
}
