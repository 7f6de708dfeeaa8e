import type { DeclaredScenario, HandlerCall } from '@tobiishi/core'
import { isHoliday } from '@tobiishi/core/calendars/jp'
import { createTestTobiishi, type TestOptions } from '@tobiishi/core/testing'
import { model } from '../mail/model.ts'

/** `2026-01-05 10:00` of Tokyo. */
export const tokyo = (text: string): string => `${text.replace(' ', 'T')}:00+09:00`

type Options = Omit<TestOptions<typeof model>, 'model' | 'scenarios' | 'now' | 'handlers'>

/** An app with these recipes, from a moment in Tokyo on; what they ask the app to do is written down in `calls`. */
export const worldOf = async (scenarios: readonly DeclaredScenario[], now: string, options: Options = {}) => {
  const calls: string[] = []
  const note = (handler: string) => (call: HandlerCall) => void calls.push(`${handler} ${call.contactId}`)
  const handlers = { tellSales: note('tellSales'), callBack: note('callBack') }
  const t = await createTestTobiishi({ model, scenarios, now: tokyo(now), isHoliday, handlers, ...options })

  /** Comes to a moment with all the work on the way. */
  const until = (moment: string) => t.clock.advanceTo(tokyo(moment))

  /** What became of a contact's mail, with the time in Tokyo, in order within a year: `01-05 10:00 hello`. */
  const mailOf = async (id = 'c') => {
    const messages = await t.messages.ofContact(id)
    return messages
      .map(({ stepId, state, reason, plannedAt, finishedAt }) => {
        if (state === 'sent') return `${shown(finishedAt ?? plannedAt)} ${stepId}`
        return `${shown(plannedAt)} ${stepId} (${reason ?? state})`
      })
      .toSorted()
  }

  /** How a contact's enrolments stand, oldest first: `completed`, `goal`, `event:order.returned`, or the step that it waits at. */
  const endsOf = async (id = 'c') =>
    (await t.scenarios.enrolments(id))
      .toSorted((a, b) => a.enteredAt - b.enteredAt)
      .map(({ state, stepId, endReason }) => (state === 'active' ? `at ${stepId}` : (endReason ?? state)))

  const latest = () => {
    const mail = t.outbox.at(-1)
    if (mail === undefined) throw new Error('No mail went out.')
    return mail
  }

  /** A person presses the button of the mail that went out last. */
  const press = async () => {
    const [button] = latest().links
    const headers = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15' }
    await t.handler(new Request(button?.href ?? '', { headers }))
    await t.settle()
  }

  /** A person opens the mail that went out last. */
  const open = async () => {
    await t.ingest([{ messageId: latest().messageId, kind: 'opened', userAgent: 'Mozilla/5.0 (Windows NT 10.0)' }])
    await t.settle()
  }

  /** A person leaves all mail by the link of the mail that went out last. */
  const leave = async () => {
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    await t.handler(new Request(latest().unsubscribeUrl ?? '', { method: 'POST', body }))
    await t.settle()
  }
  return { ...t, calls, until, mailOf, endsOf, press, open, leave }
}

const shown = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
