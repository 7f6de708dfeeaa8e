import { expect, test } from 'vitest'
import { day, hour } from '../time/instant.ts'
import { diagramOf } from './diagram.ts'
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
  expect(japanese).toContain('review.posted（rating が4以上） で開始')
  expect(japanese).toContain('renewsOn の7日前 10:00')
})
