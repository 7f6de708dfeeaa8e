import { describeSegment } from '../segment/describe-segment.ts'
import { minute } from '../time/instant.ts'
import type { Anchor, WaitSpec } from '../time/wait-spec.ts'
import type { EventMatch, MailMatch, ScenarioDefinition, ScenarioStep, SegmentMatch, SplitStep } from './scenario-definition.ts'

export type DiagramLanguage = 'ja' | 'en'

/** Live counts of a step: who stands there, and what became of its mail. */
export interface StepCounts {
  readonly standing: number
  readonly sent: number
  readonly skipped: number
}

export interface DiagramOptions {
  /** Default `en`. */
  readonly language?: DiagramLanguage
  /** By step. Absent: no counts. */
  readonly counts?: ReadonlyMap<string, StepCounts>
  /** Who is behind the last step and has mail that is still queued. */
  readonly atEnd?: number
  readonly ended?: { readonly completed: number; readonly exited: number; readonly failed: number }
}

/**
 * A scenario as a Mermaid flowchart, for a README, a wiki or a page that draws Mermaid. Names that an app chose are quoted, so
 * that no name breaks the chart.
 */
export const diagramOf = (definition: ScenarioDefinition, options: DiagramOptions = {}): string => {
  const use = words[options.language ?? 'en']
  const steps = Object.values(definition.steps)
  const ids = new Map(steps.map(({ id }, index) => [id, `s${index}`]))
  const target = (next: string | null) => (next === null ? 'finish' : (ids.get(next) ?? 'finish'))
  const nodes = steps.map(
    (step) => `  ${ids.get(step.id)}${shapeOf(step, [...labelOf(step, use), ...countsOf(step.id, options, use)])}`,
  )
  const arrows = steps.flatMap((step) =>
    edgesOf(step, use).map(
      ({ next, label, arrow = '-->' }) =>
        `  ${ids.get(step.id)} ${arrow}${label === null ? '' : `|${quoted([label])}|`} ${target(next)}`,
    ),
  )
  return [
    'flowchart TD',
    `  start([${quoted([definition.name, ...startOf(definition, use)])}])`,
    ...nodes,
    `  finish([${quoted([use.end, ...endedOf(options, use)])}])`,
    `  start --> ${target(definition.first)}`,
    ...arrows,
    '',
  ].join('\n')
}

/** A label in quotes; Mermaid reads HTML entities, so what would end it or be read as markup is written as one. */
const quoted = (lines: readonly string[]): string => `"${lines.map(escaped).join('<br/>')}"`

const escaped = (text: string): string =>
  text.replace(/[&<>"#;`]/g, (character) => `#${character.codePointAt(0)};`).replace(/[\r\n]+/g, ' ')

const shapeOf = (step: ScenarioStep, lines: readonly string[]): string => {
  const label = quoted(lines)
  switch (step.kind) {
    case 'send':
      return `[${label}]`
    case 'wait':
    case 'wait-for':
      return `[/${label}/]`
    case 'branch':
    case 'split':
      return `{${label}}`
    case 'update':
    case 'call':
      return `[[${label}]]`
    case 'go-to':
    case 'end':
      return `([${label}])`
  }
}

interface Words {
  readonly end: string
  readonly yes: string
  readonly no: string
  readonly failed: string
  readonly holdout: (weight: number) => string
  readonly timeout: (span: string) => string
  readonly update: string
  readonly call: string
  readonly goTo: string
  readonly standing: (count: number) => string
  readonly sent: (count: number) => string
  readonly skipped: (count: number) => string
  readonly atEnd: (count: number) => string
  readonly ended: (ended: NonNullable<DiagramOptions['ended']>) => string
  readonly wait: (wait: WaitSpec, from: Anchor | null) => string
  readonly asked: (on: EventMatch | SegmentMatch | MailMatch) => string
  readonly start: (definition: ScenarioDefinition) => string | null
}

const labelOf = (step: ScenarioStep, use: Words): readonly string[] => {
  switch (step.kind) {
    case 'send':
      return [`✉ ${step.id}`, step.template]
    case 'wait':
      return [step.id, use.wait(step.wait, step.from)]
    case 'wait-for':
    case 'split':
    case 'end':
      return [step.id]
    case 'branch':
      return [step.id, use.asked(step.on)]
    case 'update':
      return [
        step.id,
        `${use.update}: ${[...Object.keys(step.set), ...Object.keys(step.add), ...Object.keys(step.remove)].join(', ')}`,
      ]
    case 'call':
      return [step.id, `${use.call}: ${step.handler}`]
    case 'go-to':
      return [step.id, `${use.goTo}: ${step.scenario}`]
  }
}

interface Edge {
  readonly next: string | null
  readonly label: string | null
  /** Default `-->`; dotted for those whose mail is left out. */
  readonly arrow?: '-->' | '-.->'
}

const edgesOf = (step: ScenarioStep, use: Words): readonly Edge[] => {
  switch (step.kind) {
    case 'branch':
      return [
        { next: step.yes, label: use.yes },
        { next: step.no, label: use.no },
      ]
    case 'split':
      return [...step.arms.map(({ name, weight, next }) => ({ next, label: `${name} (${weight})` })), ...holdoutEdges(step, use)]
    case 'wait-for':
      return [
        ...step.arms.map(({ on, next }) => ({ next, label: use.asked(on) })),
        { next: step.timeout.next, label: use.timeout(use.wait(step.timeout.wait, null)) },
      ]
    case 'call':
      return [
        { next: step.next, label: null },
        ...(step.waits && step.failed !== step.next ? [{ next: step.failed, label: use.failed }] : []),
      ]
    case 'go-to':
    case 'end':
      return [{ next: null, label: null }]
    default:
      return [{ next: step.next, label: null }]
  }
}

/** The holdout walks the first arm. */
const holdoutEdges = ({ arms, holdout }: SplitStep, use: Words): readonly Edge[] =>
  holdout === null ? [] : [{ next: arms[0]?.next ?? null, label: use.holdout(holdout.weight), arrow: '-.->' }]

const countsOf = (id: string, { counts }: DiagramOptions, use: Words): readonly string[] => {
  if (counts === undefined) return []
  const { standing, sent, skipped } = counts.get(id) ?? { standing: 0, sent: 0, skipped: 0 }
  return [
    [standing > 0 ? use.standing(standing) : '', sent > 0 ? use.sent(sent) : '', skipped > 0 ? use.skipped(skipped) : '']
      .filter((part) => part !== '')
      .join(' · '),
  ].filter((line) => line !== '')
}

const endedOf = ({ ended, atEnd = 0 }: DiagramOptions, use: Words): readonly string[] => [
  ...(atEnd > 0 ? [use.atEnd(atEnd)] : []),
  ...(ended === undefined ? [] : [use.ended(ended)]),
]

const startOf = (definition: ScenarioDefinition, use: Words): readonly string[] => {
  const text = use.start(definition)
  return text === null ? [] : [text]
}

const fates = {
  en: { sent: 'was sent', delivered: 'was delivered', opened: 'was opened', clicked: 'was clicked', bounced: 'bounced' },
  ja: { sent: '配信された', delivered: '到達した', opened: '開封された', clicked: 'クリックされた', bounced: '不達になった' },
} as const

const weekdays = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ja: ['日曜', '月曜', '火曜', '水曜', '木曜', '金曜', '土曜'],
} as const

const plural = (amount: number, unit: string): string => `${amount} ${unit}${Math.abs(amount) === 1 ? '' : 's'}`

/** Whether a wait ends before what it counts from. */
const countsBack = (wait: WaitSpec): boolean => {
  if (wait.kind === 'business') return wait.days < 0
  if (wait.kind !== 'calendar') return false
  const units = [wait.months, wait.weeks, wait.days]
  return units.every((unit) => unit <= 0) && units.some((unit) => unit < 0)
}

const englishSpan = (wait: WaitSpec, sign: 1 | -1): string => {
  if (wait.kind === 'elapsed') {
    const minutes = Math.round(wait.ms / minute)
    return minutes % 60 === 0 ? plural(minutes / 60, 'hour') : plural(minutes, 'minute')
  }
  if (wait.kind === 'business' && wait.days === 0) return 'the same day, or the next business day'
  if (wait.kind === 'business') return plural(sign * wait.days, 'business day')
  if (wait.kind === 'weekday') return weekdays.en[wait.weekday] ?? ''
  const units = [
    [wait.months, 'month'],
    [wait.weeks, 'week'],
    [wait.days, 'day'],
  ] as const
  const parts = units.filter(([amount]) => amount !== 0).map(([amount, unit]) => plural(sign * amount, unit))
  return parts.length === 0 ? 'the same day' : parts.join(' ')
}

const englishWait = (wait: WaitSpec, from: Anchor | null): string => {
  const at = wait.kind === 'elapsed' || wait.at === null ? '' : `, at ${wait.at}`
  const anchor = from === null ? null : anchorName(from, 'entry')
  const isBack = countsBack(wait)
  const side = anchor === null ? '' : ` ${isBack ? 'before' : 'after'} ${anchor}`
  return `${englishSpan(wait, isBack ? -1 : 1)}${side}${at}`
}

/** What a wait counts from, where that is not the mail before it. */
const anchorName = (from: Anchor, entry: string): string | null => {
  switch (from.kind) {
    case 'previous':
      return null
    case 'entry':
      return entry
    case 'attribute':
      return from.attribute
    case 'event':
      return from.event
  }
}

const japaneseWait = (wait: WaitSpec): string => {
  const at = wait.kind === 'elapsed' || wait.at === null ? '' : ` ${wait.at}`
  if (wait.kind === 'elapsed') {
    const minutes = Math.round(wait.ms / minute)
    return minutes % 60 === 0 ? `${minutes / 60}時間後` : `${minutes}分後`
  }
  const after = (amount: number, unit: string) => (amount < 0 ? `${-amount}${unit}前` : `${amount}${unit}後`)
  if (wait.kind === 'business') return `${wait.days === 0 ? '当日（休業日なら翌営業日）' : after(wait.days, '営業日')}${at}`
  if (wait.kind === 'weekday') return `${weekdays.ja[wait.weekday]}${at}`
  return `${japaneseSpan(wait)}${at}`
}

/** 「1か月と2週間後」; of units that go different ways each with its own, in the order in which they count. */
const japaneseSpan = ({ months, weeks, days }: Extract<WaitSpec, { kind: 'calendar' }>): string => {
  const all = [
    { amount: months, unit: 'か月' },
    { amount: weeks, unit: '週間' },
    { amount: days, unit: '日' },
  ].filter(({ amount }) => amount !== 0)
  if (all.length === 0) return '当日'
  const side = (amount: number) => (amount < 0 ? '前' : '後')
  const sides = new Set(all.map(({ amount }) => side(amount)))
  if (sides.size > 1) return all.map(({ amount, unit }) => `${Math.abs(amount)}${unit}${side(amount)}`).join('の')
  return `${all.map(({ amount, unit }) => `${Math.abs(amount)}${unit}`).join('と')}${[...sides].join('')}`
}

const words: { readonly [L in DiagramLanguage]: Words } = {
  en: {
    end: 'end',
    yes: 'yes',
    no: 'no',
    failed: 'given up',
    holdout: (weight) => `holdout (${weight}), mail left out`,
    timeout: (span) => `after ${span}`,
    update: 'update',
    call: 'call',
    goTo: 'go to',
    standing: (count) => `${count} here`,
    sent: (count) => `${count} sent`,
    skipped: (count) => `${count} skipped`,
    atEnd: (count) => `${count} here, last mail queued`,
    ended: ({ completed, exited, failed }) => `${completed} completed · ${exited} exited · ${failed} failed`,
    wait: englishWait,
    asked: (on) => {
      if (on.kind === 'event') return englishEvent(on)
      return on.kind === 'segment'
        ? `in ${on.segment}?`
        : `${on.step} ${fates.en[on.fate]}${on.link === null ? '' : ` (${on.link})`}?`
    },
    start: ({ trigger }) => {
      if (trigger === null) return null
      if (trigger.kind === 'event') return `on ${englishEvent(trigger)}`
      if (trigger.kind === 'segment') return `on ${trigger.on} of ${trigger.segment}`
      return `${trigger.days === 0 ? 'on' : `${Math.abs(trigger.days)} days ${trigger.days < 0 ? 'before' : 'after'}`} ${trigger.attribute}`
    },
  },
  ja: {
    end: '終了',
    yes: 'はい',
    no: 'いいえ',
    failed: '失敗',
    holdout: (weight) => `非配信群 (${weight})・メールなし`,
    timeout: (span) => `${span}まで何もなければ`,
    update: '更新',
    call: '呼び出し',
    goTo: '移動',
    standing: (count) => `${count}人`,
    sent: (count) => `配信${count}通`,
    skipped: (count) => `見送り${count}通`,
    atEnd: (count) => `${count}人・最後のメールの配信待ち`,
    ended: ({ completed, exited, failed }) => `完了${completed} · 離脱${exited} · 失敗${failed}`,
    wait: (wait, from) => `${from === null ? '' : japaneseAnchor(from)}${japaneseWait(wait)}`,
    asked: (on) => {
      if (on.kind === 'event') return japaneseEvent(on)
      return on.kind === 'segment'
        ? `${on.segment}に該当?`
        : `${on.step}が${fates.ja[on.fate]}?${on.link === null ? '' : `（${on.link}）`}`
    },
    start: ({ trigger }) => {
      if (trigger === null) return null
      if (trigger.kind === 'event') return `${japaneseEvent(trigger)}${trigger.where === null ? ' ' : ''}で開始`
      if (trigger.kind === 'segment') return `${trigger.segment} ${trigger.on === 'entry' ? 'に入る' : 'から外れる'}と開始`
      const { days } = trigger
      return `${trigger.attribute} ${days === 0 ? '当日' : `の${Math.abs(days)}日${days < 0 ? '前' : '後'}`}に開始`
    },
  },
}

const englishEvent = ({ event, where }: EventMatch): string =>
  where === null ? event : `${event} (${describeSegment(where, 'en')})`

const japaneseEvent = ({ event, where }: EventMatch): string =>
  where === null ? event : `${event}（${describeSegment(where, 'ja')}）`

const japaneseAnchor = (from: Anchor): string => {
  if (from.kind === 'previous') return ''
  if (from.kind === 'entry') return '開始から'
  return `${from.kind === 'attribute' ? from.attribute : from.event} の`
}

/** How long a wait is, as the diagram says it: `3 days, at 10:00`, `7 days before renewsOn`. */
export const waitInWords = (wait: WaitSpec, from: Anchor | null, language: DiagramLanguage): string =>
  words[language].wait(wait, from)
