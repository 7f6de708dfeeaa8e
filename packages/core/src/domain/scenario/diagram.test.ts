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
  s2 -->|"非配信群 (10)"| finish
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
