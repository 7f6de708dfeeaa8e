import { expect, test } from 'vitest'
import { day, hour } from '../time/instant.ts'
import type { WaitSpec } from '../time/wait-spec.ts'
import { diagramOf, waitInWords } from './diagram.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

const definition: ScenarioDefinition = {
  format: 2,
  name: '資料請求"フォロー',
  version: 1,
  trigger: { kind: 'event', event: 'brochure.requested', where: null },
  exitOn: [],
  exitWhen: null,
  goal: null,
  reentry: { kind: 'once' },
  window: null,
  maxEventAge: day,
  minGap: 12 * hour,
  priority: 0,
  inFlight: 'pin',
  successors: {},
  first: 'hello',
  steps: {
    hello: {
      kind: 'send',
      id: 'hello',
      template: 'welcome',
      props: {},
      sendWithin: day,
      late: 'skip',
      urgent: null,
      next: 'answer',
    },
    answer: {
      kind: 'wait-for',
      id: 'answer',
      arms: [{ on: { kind: 'mail', step: 'hello', fate: 'clicked', link: null }, next: 'test' }],
      since: 'entry',
      timeout: { wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' }, next: 'end' },
    },
    test: {
      kind: 'split',
      id: 'test',
      experiment: 'x',
      arms: [
        { name: 'a', weight: 45, next: 'end' },
        { name: 'b', weight: 45, next: null },
      ],
      holdout: { weight: 10, until: null },
    },
    end: { kind: 'end', id: 'end' },
  },
  segments: {},
}

test('a scenario is drawn with every arrow named, and no name of the app can break the chart', () => {
  expect(diagramOf(definition, { language: 'ja' })).toBe(`flowchart TD
  start(["資料請求#34;フォロー<br/>brochure.requested で開始"])
  s0["✉ hello<br/>welcome"]
  s1[/"answer"/]
  s2{"test"}
  s3(["end"])
  finish(["終了"])
  start --> s0
  s0 --> s1
  s1 -->|"helloがクリックされた?"| s2
  s1 -->|"3日後 10:00まで何もなければ"| s3
  s2 -->|"a (45)"| s3
  s2 -->|"b (45)"| finish
  s2 -.->|"非配信群 (10)・メールなし"| s3
  s3 --> finish
`)
})

test('counts say who stands where and what went out', () => {
  const text = diagramOf(definition, {
    counts: new Map([['answer', { standing: 12, sent: 0, skipped: 0 }]]),
    ended: { completed: 3, exited: 2, failed: 0 },
  })
  expect(text).toContain('s1[/"answer<br/>12 here"/]')
  expect(text).toContain('finish(["end<br/>3 completed · 2 exited · 0 failed"])')
})

test('who has all steps behind it and mail that is queued stands at the end', () => {
  const ended = { completed: 3, exited: 2, failed: 0 }
  expect(diagramOf(definition, { atEnd: 1, ended })).toContain(
    'finish(["end<br/>1 here, last mail queued<br/>3 completed · 2 exited · 0 failed"])',
  )
  expect(diagramOf(definition, { atEnd: 1, ended, language: 'ja' })).toContain('終了<br/>1人・最後のメールの配信待ち<br/>')
  expect(diagramOf(definition, { atEnd: 0, ended })).not.toContain('here')
})

test.each<[WaitSpec, string, string]>([
  [{ kind: 'calendar', months: 1, weeks: 2, days: 0, at: '10:00' }, '1か月と2週間後 10:00', '1 month 2 weeks, at 10:00'],
  [{ kind: 'calendar', months: -1, weeks: -2, days: 0, at: null }, '1か月と2週間前', '1 month 2 weeks'],
  [{ kind: 'calendar', months: 1, weeks: 0, days: -3, at: null }, '1か月後の3日前', '1 month -3 days'],
  [{ kind: 'calendar', months: 0, weeks: 0, days: 0, at: '18:00' }, '当日 18:00', 'the same day, at 18:00'],
  [
    { kind: 'business', days: 0, at: '10:00' },
    '当日（休業日なら翌営業日） 10:00',
    'the same day, or the next business day, at 10:00',
  ],
  [{ kind: 'business', days: -2, at: null }, '2営業日前', '2 business days'],
])('the wait %j is said as %s', (wait, japanese, english) => {
  expect(waitInWords(wait, null, 'ja')).toBe(japanese)
  expect(waitInWords(wait, null, 'en')).toBe(english)
})

test('a start by a segment says which side of it counts', () => {
  const start = (on: 'entry' | 'exit') =>
    diagramOf({ ...definition, trigger: { kind: 'segment', segment: 'busy', on } }, { language: 'ja' })
  expect(start('entry')).toContain('busy に入ると開始')
  expect(start('exit')).toContain('busy から外れると開始')
})

test('arms on one event are told apart, and waits before a date read so', () => {
  const rating = { kind: 'attribute', field: 'rating', type: 'number', operator: '>=', value: 4 } as const
  const asked = { kind: 'event', event: 'review.posted', where: rating } as const
  const back = { kind: 'calendar', months: 0, weeks: 0, days: -7, at: '10:00' } as const
  const dated: ScenarioDefinition = {
    ...definition,
    trigger: asked,
    first: 'w',
    steps: {
      w: {
        kind: 'wait',
        id: 'w',
        wait: back,
        from: { kind: 'attribute', attribute: 'renewsOn', type: 'date' },
        past: { kind: 'skip' },
        next: 'f',
      },
      f: {
        kind: 'wait-for',
        id: 'f',
        arms: [
          { on: asked, next: null },
          { on: { ...asked, where: null }, next: null },
        ],
        since: 'entry',
        timeout: { wait: { ...back, days: 1, at: null }, next: null },
      },
    },
  }
  const english = diagramOf(dated)
  expect(english).toContain('on review.posted (rating is at least 4)')
  expect(english).toContain('7 days before renewsOn, at 10:00')
  expect(english).toContain('s1 -->|"review.posted (rating is at least 4)"| finish')
  expect(english).toContain('s1 -->|"review.posted"| finish')
  const japanese = diagramOf(dated, { language: 'ja' })
  expect(japanese).toContain('review.posted（rating が4以上）で開始')
  expect(japanese).toContain('renewsOn の7日前 10:00')
})
