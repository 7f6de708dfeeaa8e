import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { toNodeHandler } from '@tobiishi/core'
import { writeTable } from '@tobiishi/core/import'
import { type Customer, readCustomers } from './files/read-customers.ts'
import { type Inquiry, readInquiries } from './files/read-inquiries.ts'
import { readOrders } from './files/read-orders.ts'
import { createMail, type Mail } from './mail/index.ts'
import { winBack } from './mail/scenarios.ts'
import { dormantBuyers, everyone } from './mail/segments.ts'
import { newsletter } from './mail/templates.ts'
import { writeResults } from './report/results.ts'
import { skipReason } from './report/skip-reason.ts'
import { storedClock } from './world/clock.ts'
import { type Ledger, openLedger } from './world/ledger.ts'
import { startMailboxServer } from './world/mailbox-server.ts'
import { doDeed } from './world/people.ts'

const day = 86_400_000
const start = Date.parse('2026-09-01T00:00:00+09:00')
const days = 45
const end = start + days * day
const winBackAt = start + 10 * day + 10 * 3_600_000
const newsletterAt = start + 15 * day + 11 * 3_600_000

export interface RunOptions {
  readonly out: string
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
}

/** The whole main job on a real clockwork of files, SMTP and HTTP; goes on where a killed run stopped. Answers how many mails it sent. */
export const run = async ({
  out,
  say,
  signal,
}: RunOptions): Promise<{ readonly sent: number; readonly isReconciled: boolean }> => {
  mkdirSync(out, { recursive: true })
  const ledger = openLedger(join(out, 'world.db'))
  const clock = storedClock(ledger, start)
  const mailboxes = await startMailboxServer(ledger, clock.now)
  const { mail, storage } = createMail({ database: join(out, 'mail.db'), smtpUrl: mailboxes.url, clock })
  const web = createServer(toNodeHandler(mail))
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  try {
    await storage.migrate()
    await mail.prepare()
    await takeFiles(mail, ledger, out, say)
    if (clock.now() > start && clock.now() < end) say(`前回の続き: ${dateOf(clock.now())} から再開します / resuming`)
    const sent = await live({ mail, ledger, clock, web: webUrl, say, signal })
    return { sent, ...(await writeResults({ mail, ledger, out, say, sent, span: { start, end } })) }
  } finally {
    web.closeAllConnections()
    await new Promise((resolve) => web.close(resolve))
    await mail.close()
    await mailboxes.stop()
    ledger.close()
  }
}

const dateOf = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10)
const data = (name: string): Buffer => readFileSync(new URL(`data/${name}`, import.meta.url))

/** Customers and history first (nothing starts), then the deeds that the files foretell. Once: the ledger remembers. */
const takeFiles = async (mail: Mail, ledger: Ledger, out: string, say: (line: string) => void): Promise<void> => {
  if (ledger.marked('files') !== null) return
  say('顧客・注文・問い合わせのファイルを読み込んでいます / the files are being read')
  const { customers, refused, merged, table } = readCustomers(data('customers.csv'))
  const orders = readOrders(data('orders.csv'))
  const inquiries = readInquiries(data('inquiries.csv'))
  const members = customers.filter(({ registeredAt }) => (registeredAt ?? 0) < start)
  const newcomers = customers.filter(({ registeredAt }) => (registeredAt ?? 0) >= start)
  const taken = await mail.contacts.identifyMany(members.map((customer) => ({ id: customer.id, profile: profileOf(customer) })))
  const history = await mail.trackMany(
    orders.orders.flatMap((order) => {
      const contactId = order.customer ?? (order.email === null ? null : `guest-${order.email}`)
      return contactId === null
        ? []
        : [
            {
              contactId,
              event: 'order.placed',
              payload: { total: order.total, items: order.items },
              id: order.number,
              occurredAt: order.orderedAt,
            },
          ]
    }),
  )
  ledger.together(() => {
    for (const one of newcomers) planRegistration(ledger, one)
    for (const one of inquiries.inquiries) planInquiry(ledger, one)
    ledger.mark('files', 'taken')
  })
  const lists = [
    ['customers.csv', table.encoding, table.rows.length + table.refused.length, refused] as const,
    ['orders.csv', orders.table.encoding, orders.table.rows.length + orders.refused.length, orders.refused] as const,
    [
      'inquiries.csv',
      inquiries.table.encoding,
      inquiries.table.rows.length + inquiries.refused.length,
      inquiries.refused,
    ] as const,
  ]
  for (const [name, encoding, rows, bad] of lists)
    say(`  ${name.padEnd(14)} ${encoding.padEnd(9)} ${String(rows).padStart(5)} 行 / 取込不可 ${bad.length}`)
  say(
    `  会員 ${taken.taken} 名、新規 ${newcomers.length} 名(期間中に登録)、同一アドレス統合 ${merged.length}、注文 ${history.taken} 件(取消 ${orders.cancelled}・返品 ${orders.returned})、問い合わせ ${inquiries.inquiries.length} 件(重複 ${inquiries.repeated})`,
  )
  const errors = lists.flatMap(([name, , , bad]) =>
    bad.map(({ reason, column, line, cells }) => [reason, name, column, line, ...cells]),
  )
  writeFileSync(join(out, 'errors.csv'), writeTable(['理由', 'ファイル', '列', '行', 'もとの行'], errors))
}

const profileOf = (customer: Customer) => {
  const evidence = { source: `csv:customers.csv#${customer.line}`, statement: 'メルマガ: 希望する' }
  return {
    email: customer.email,
    name: customer.name,
    locale: 'ja',
    attributes: { plan: customer.plan, ...(customer.birthday === null ? {} : { birthday: customer.birthday }) },
    ...(customer.consent === 'granted' ? { consent: [{ basis: 'opt-in' as const, evidence }] } : {}),
    ...(customer.consent === 'withdrawn' ? { withdraw: [{ evidence: { ...evidence, statement: 'メルマガ: 希望しない' } }] } : {}),
  }
}

const planRegistration = (ledger: Ledger, { id, registeredAt, email, name, plan, birthday }: Customer): void => {
  if (email !== null)
    ledger.plan({
      key: `register:${id}`,
      at: registeredAt ?? start,
      kind: 'register',
      who: email,
      data: { id, plan, ...name, ...(birthday === null ? {} : { birthday }) },
    })
}

const planInquiry = (ledger: Ledger, inquiry: Inquiry): void => {
  const { number, receivedAt, email, name, brochure, hasConsented } = inquiry
  ledger.plan({
    key: `ask:${number}`,
    at: Math.max(receivedAt, start),
    kind: 'ask',
    who: email,
    data: { number, ...name, ...(brochure === null ? {} : { brochure }), ...(hasConsented ? { consent: true } : {}) },
  })
}

interface Life {
  readonly mail: Mail
  readonly ledger: Ledger
  readonly clock: ReturnType<typeof storedClock>
  readonly web: string
  readonly say: (line: string) => void
  readonly signal: AbortSignal | undefined
}

/** 45 virtual days: the clock jumps to whatever comes next, of the people's deeds or of the mail that is due. */
const live = async (life: Life): Promise<number> => {
  const { mail, ledger, clock, say, signal } = life
  let sent = 0
  while (clock.now() < end) {
    signal?.throwIfAborted()
    for (const deed of ledger.due(clock.now(), 200)) {
      ledger.attempt(deed.key)
      await doDeed(deed, life)
      ledger.tickOff(deed.key)
    }
    await startCampaigns(life)
    const report = await mail.tick({ limit: 2_000 })
    sent += report.sent
    const nextAt = Math.min(
      ledger.nextAt() ?? end,
      report.nextDueAt ?? end,
      ...[winBackAt, newsletterAt].filter((at) => at > clock.now()),
      end,
    )
    for (const elapsed of milestones(clock.now(), nextAt)) {
      const [{ count } = { count: 0 }] = ledger.ask<{ count: number }>('SELECT count(*) AS count FROM mail')
      say(
        `  ${dateOf(start + elapsed * day - 1)}  ${String(elapsed).padStart(2)}日目まで  届いたメール ${count.toLocaleString('en-US')} 通`,
      )
    }
    clock.moveTo(Math.max(nextAt, clock.now()))
  }
  return sent
}

/** Numbers of days, each a multiple of five, that end between two instants. */
const milestones = (from: number, to: number): number[] =>
  Array.from({ length: days / 5 }, (_, index) => (index + 1) * 5).filter((elapsed) => {
    const at = start + elapsed * day
    return at > from && at <= to
  })

const startCampaigns = async ({ mail, ledger, clock, say }: Life): Promise<void> => {
  if (clock.now() >= winBackAt && ledger.marked('win-back') === null) {
    const { enrolled } = await mail.enrol(dormantBuyers, winBack)
    ledger.mark('win-back', String(enrolled))
    say(`  ${dateOf(clock.now())}  休眠顧客 ${enrolled} 名の掘り起こしを始めます`)
  }
  if (clock.now() >= newsletterAt && ledger.marked('newsletter') === null) {
    const audience = await mail.broadcasts.preview({ template: newsletter, to: everyone })
    const { id } = await mail.broadcasts.send({ id: 'newsletter-autumn', template: newsletter, to: everyone, at: clock.now() })
    ledger.mark('newsletter', id)
    const leftOut = Object.entries(audience.leftOut)
      .map(([reason, count]) => `${skipReason(reason)} ${count}`)
      .join('、')
    say(`  ${dateOf(clock.now())}  メルマガ: 対象 ${audience.inSegment} 名、配信 ${audience.willReceive} 名(除外: ${leftOut})`)
  }
}
