import { setTimeout as sleep } from 'node:timers/promises'
import type { Storage } from '@tobiishi/core/ports'
import { type ChaosMail, everyone, news } from './mail.ts'
import type { Random } from './random.ts'

/** What the app did while the workers suffered. */
export interface AppDiary {
  readonly contacts: readonly string[]
  readonly broadcasts: string[]
  readonly orders: string[]
  readonly brochures: Set<string>
  /** Contact → real time at which its withdrawal had been committed. */
  readonly leftAt: Map<string, number>
}

export const addContacts = async (mail: ChaosMail, count: number): Promise<AppDiary> => {
  const contacts = Array.from({ length: count }, (_, index) => `c_${index}`)
  const evidence = { source: 'chaos' }
  const rows = contacts.map((id) => ({
    id,
    profile: { email: `${id}@customer.test`, consent: [{ basis: 'opt-in' as const, evidence }] },
  }))
  const { taken } = await mail.contacts.identifyMany(rows)
  if (taken !== count) throw new Error(`Only ${taken} of ${count} contacts were taken.`)
  return { contacts, broadcasts: [], orders: [], brochures: new Set(), leftAt: new Map() }
}

/** Lives on until `isOver`: sends the next broadcast when the queue runs low, tracks events, and lets people leave. */
export const liveOn = async (
  mail: ChaosMail,
  storage: Storage,
  diary: AppDiary,
  { random, isOver }: { readonly random: Random; readonly isOver: () => boolean },
): Promise<void> => {
  const anyone = () => diary.contacts[random.below(diary.contacts.length)] ?? ''
  while (!isOver()) {
    if (await isQuiet(mail, storage, diary)) await broadcast(mail, diary)
    const [reader, buyer, leaver] = [anyone(), anyone(), anyone()]
    await mail.track(reader, 'brochure.requested', { brochure: 'A' })
    diary.brochures.add(reader)
    const order = `o${diary.orders.length}`
    // Told twice under one id, as apps do that were killed themselves.
    for (const _time of [1, 2]) await mail.track(buyer, 'order.placed', { order }, { id: order })
    diary.orders.push(order)
    await leave(mail, diary, leaver)
    await sleep(random.between(10, 120))
  }
}

const broadcast = async (mail: ChaosMail, diary: AppDiary): Promise<void> => {
  const id = `b${diary.broadcasts.length}`
  await mail.broadcasts.send({ id, template: news, to: everyone, props: { issue: id } })
  diary.broadcasts.push(id)
}

/** The queue runs low, and no broadcast is about to fill it. */
const isQuiet = async (mail: ChaosMail, storage: Storage, { contacts, broadcasts }: AppDiary): Promise<boolean> => {
  const last = broadcasts.at(-1)
  if (last !== undefined && (await mail.broadcasts.get(last))?.state !== 'sending') return false
  return (await storage.read((reader) => reader.queue.depth())) < contacts.length / 10
}

const leave = async (mail: ChaosMail, diary: AppDiary, contactId: string): Promise<void> => {
  if (diary.leftAt.has(contactId)) return
  await mail.consent.withdraw(contactId, { evidence: { source: 'chaos' } })
  diary.leftAt.set(contactId, Date.now())
}
