import { describe, expect, it } from 'vitest'
import { branch, end, onEvent, onMail, onSegment, scenario, waitFor } from '../../../test/fixtures/scenario-life.ts'
import { day } from '../time/instant.ts'
import { asksWhoWasSent } from './asks-who-was-sent.ts'

const sent = { kind: 'message', did: 'sent', count: { operator: '>=', value: 2 } } as const
const opened = { ...sent, did: 'opened' } as const
const segments = { mailed: { kind: 'all', of: [{ kind: 'everyone' }, { kind: 'not', of: sent }] }, readers: opened } as const
const timeout = { wait: { kind: 'elapsed', ms: day }, next: null } as const
const waiting = (on: ReturnType<typeof onEvent> | ReturnType<typeof onMail> | ReturnType<typeof onSegment>) =>
  scenario([waitFor('w', [{ on, next: null }], timeout)], { segments })

describe('whether a scenario is told of every mail that goes out', () => {
  it('is, where a segment that is watched counts sent mail', () => {
    expect(asksWhoWasSent(scenario([end('e')], { segments, exitWhen: 'mailed' }))).toBe(true)
    expect(asksWhoWasSent(scenario([end('e')], { segments, goal: { kind: 'segment', segment: 'mailed' } }))).toBe(true)
    expect(asksWhoWasSent(scenario([end('e')], { segments, trigger: { kind: 'segment', segment: 'mailed', on: 'exit' } }))).toBe(
      true,
    )
    expect(asksWhoWasSent(waiting(onSegment('mailed')))).toBe(true)
    expect(asksWhoWasSent(waiting(onMail('a', 'sent')))).toBe(true)
  })

  it('is not, where a branch looks by itself, or only people act', () => {
    expect(asksWhoWasSent(scenario([branch('b', 'mailed', null, null)], { segments }))).toBe(false)
    expect(asksWhoWasSent(scenario([end('e')], { segments, exitWhen: 'readers' }))).toBe(false)
    expect(asksWhoWasSent(waiting(onMail('a', 'opened')))).toBe(false)
    expect(asksWhoWasSent(waiting(onEvent('joined')))).toBe(false)
  })
})
