import { type ProblemLanguage, readProblem } from '../parse/tell-problem.ts'

/** `error`: it cannot do what it says. `warning`: probably not meant. `note`: worth knowing. */
export type FindingLevel = 'error' | 'warning' | 'note'

export type FindingLanguage = ProblemLanguage

/** Something that reading a scenario shows, before anybody is in it. */
export interface Finding {
  readonly level: FindingLevel
  readonly code: FindingCode
  /** Step it is about; null: the whole scenario. */
  readonly step: string | null
  /** A sentence in the language asked for. */
  readonly text: string
}

/** What the sentences mention: names of steps, segments, events, templates. */
export type FindingWords = Readonly<Record<string, string | number>>

type Sentence = (words: FindingWords) => string

/** Where a segment is used: a step by its id, or a part of the whole. */
const placeOf = (use: string | number | undefined, step: string | number | undefined): string =>
  step === undefined ? (parts[String(use)] ?? String(use)) : String(use)

const parts: { readonly [use: string]: string } = { enterOn: '開始条件', exitWhen: '離脱条件', goal: '目標' }

/** What there is to be found, with its sentences. */
export const findingSentences = {
  unreachable: {
    level: 'error',
    en: ({ step }) => `Step "${step}" can never be reached.`,
    ja: ({ step }) => `ステップ「${step}」には到達できません。`,
  },
  'no-way-out': {
    level: 'error',
    en: ({ step }) => `From step "${step}" no way leads to an end.`,
    ja: ({ step }) => `ステップ「${step}」から終了に至る道がありません。`,
  },
  'loop-without-wait': {
    level: 'error',
    en: ({ step }) => `Step "${step}" is part of a loop that never waits; an enrolment fails after 100 steps.`,
    ja: ({ step }) => `ステップ「${step}」は待機のないループの一部です。100ステップで失敗します。`,
  },
  'loop-too-fast': {
    level: 'error',
    en: ({ step }) =>
      `Wait "${step}" is part of a loop in which no wait takes a minute; after an outage it would run millions of times.`,
    ja: ({ step }) => `待機「${step}」は、1分以上の待機がないループの一部です。停止後の再開時に膨大な回数が実行されます。`,
  },
  'loop-floods': {
    level: 'error',
    en: ({ step }) =>
      `Step "${step}" is part of a loop that sends mail, and every wait in it may be over at once (a call, a segment): one contact would get mail after mail. Put a wait of a minute or more into the loop.`,
    ja: ({ step }) =>
      `ステップ「${step}」は、メールを配信するループの一部ですが、どの待機もすぐに終わりえます（アプリの呼び出し、セグメントなど）。同じ人に次々と配信されるため、1分以上の待機を入れてください。`,
  },
  'loop-may-not-wait': {
    level: 'warning',
    en: ({ step }) =>
      `Step "${step}" is part of a loop in which every wait may be over at once (from the entry or a date, to the same day, for a segment); an enrolment then fails after 100 steps.`,
    ja: ({ step }) =>
      `ステップ「${step}」は、どの待機もすぐに終わりうるループの一部です（開始や日付からの待機、当日の待機、セグメントの待機など）。その場合100ステップで失敗します。`,
  },
  'ring-without-wait': {
    level: 'error',
    en: ({ step, ring }) =>
      `Step "${step}" leads back to itself (${ring}) with no wait on the way: all mails go out at once, up to 21 times.`,
    ja: ({ step, ring }) => `ステップ「${step}」は待機なしで自分に戻ります（${ring}）。最大21回分のメールが一度に配信されます。`,
  },
  'ring-too-fast': {
    level: 'warning',
    en: ({ step, ring }) =>
      `Step "${step}" leads back to itself (${ring}) in less than an hour: its mails go out again and again.`,
    ja: ({ step, ring }) => `ステップ「${step}」は1時間以内に自分に戻ります（${ring}）。同じメールが何度も配信されます。`,
  },
  'window-never-opens': {
    level: 'error',
    en: ({ from, to }) => `The window ${from}–${to} lies wholly inside the quiet hours, so no marketing mail ever goes out.`,
    ja: ({ from, to }) => `配信時間帯 ${from}～${to} は配信停止時間帯に含まれるため、メールは一通も配信されません。`,
  },
  'missing-prop': {
    level: 'error',
    en: ({ step, template, prop }) => `Step "${step}" does not fill prop "${prop}" of template "${template}".`,
    ja: ({ step, template, prop }) => `ステップ「${step}」はテンプレート「${template}」の「${prop}」を埋めていません。`,
  },
  'unknown-prop': {
    level: 'error',
    en: ({ step, template, prop }) => `Step "${step}" fills "${prop}", which template "${template}" does not have.`,
    ja: ({ step, template, prop }) => `ステップ「${step}」の「${prop}」はテンプレート「${template}」にありません。`,
  },
  'unknown-template': {
    level: 'error',
    en: ({ step, template }) => `Step "${step}" sends template "${template}", which is not there.`,
    ja: ({ step, template }) => `ステップ「${step}」のテンプレート「${template}」がありません。`,
  },
  'unknown-handler': {
    level: 'error',
    en: ({ step, handler }) => `Step "${step}" calls "${handler}", for which there is no handler.`,
    ja: ({ step, handler }) => `ステップ「${step}」が呼ぶ「${handler}」がありません。`,
  },
  'unknown-scenario': {
    level: 'error',
    en: ({ step, scenario }) => `Step "${step}" goes to scenario "${scenario}", which is not there.`,
    ja: ({ step, scenario }) => `ステップ「${step}」の行き先シナリオ「${scenario}」がありません。`,
  },
  'unknown-segment': {
    level: 'error',
    en: ({ segment, use }) => `"${use}" asks about segment "${segment}", which is not there.`,
    ja: ({ segment, use, step }) => `「${placeOf(use, step)}」が参照するセグメント「${segment}」がありません。`,
  },
  'unknown-event': {
    level: 'error',
    en: ({ path, name }) => `"${path}" names event "${name}", which the model does not have.`,
    ja: ({ path, name }) => `「${path}」のイベント「${name}」はモデルにありません。`,
  },
  'unknown-attribute': {
    level: 'error',
    en: ({ path, name }) => `"${path}" names "${name}", which the model does not have, or has with another type.`,
    ja: ({ path, name }) => `「${path}」の項目「${name}」はモデルにないか、型が違います。`,
  },
  'value-unfit': {
    level: 'error',
    en: ({ path, problem }) => `"${path}" does not fit: ${problem}`,
    ja: ({ path, problem }) => `「${path}」の値が合いません。${readProblem(String(problem)).ja}`,
  },
  'urgent-marketing': {
    level: 'error',
    en: ({ step }) => `Step "${step}" is urgent, but its template is marketing: it waits for the window like any other.`,
    ja: ({ step }) => `ステップ「${step}」は緊急扱いですが、広告メールなので配信時間帯を待ちます。`,
  },
  'no-event': {
    level: 'error',
    en: ({ step }) => `Step "${step}" reads the event, but what starts this scenario brings none.`,
    ja: ({ step }) => `ステップ「${step}」はイベントの値を使いますが、このシナリオの開始条件にイベントはありません。`,
  },
  'segment-never': {
    level: 'error',
    en: ({ segment, use }) => `Nobody can be in segment "${segment}" (${use}): its conditions contradict each other.`,
    ja: ({ segment, use, step }) =>
      `セグメント「${segment}」（${placeOf(use, step)}）に該当する人はいません。条件が矛盾しています。`,
  },
  'segment-always': {
    level: 'warning',
    en: ({ segment, use }) => `Everyone is in segment "${segment}" (${use}).`,
    ja: ({ segment, use, step }) => `セグメント「${segment}」（${placeOf(use, step)}）には全員が該当します。`,
  },
  'exits-at-entry': {
    level: 'error',
    en: ({ what }) => `What starts the scenario ends it too (${what}): everyone leaves at once.`,
    ja: ({ what }) => `開始条件が終了条件でもあります（${what}）。全員がすぐに離脱します。`,
  },
  'arm-shadowed': {
    level: 'warning',
    en: ({ step, event }) => `Step "${step}" waits for "${event}", but that event ends the scenario first.`,
    ja: ({ step, event }) => `ステップ「${step}」は「${event}」を待ちますが、そのイベントで先に離脱します。`,
  },
  'arm-never-taken': {
    level: 'warning',
    en: ({ step, arm }) => `Arm "${arm}" of step "${step}" is never taken: its weight is 0.`,
    ja: ({ step, arm }) => `ステップ「${step}」の「${arm}」は比率が0のため選ばれません。`,
  },
  'fate-too-early': {
    level: 'warning',
    en: ({ step, mail }) => `Step "${step}" asks what became of mail "${mail}" with no wait after it: nobody has read it yet.`,
    ja: ({ step, mail }) => `ステップ「${step}」はメール「${mail}」の直後に結果を見ています。まだ誰も読んでいません。`,
  },
  'fate-unknown': {
    level: 'error',
    en: ({ step, mail }) => `Step "${step}" asks what became of mail "${mail}", which is not sent on any way to it.`,
    ja: ({ step, mail }) => `ステップ「${step}」が参照するメール「${mail}」は、そこに至る道で送られません。`,
  },
  'mails-at-once': {
    level: 'warning',
    en: ({ step, mail }) => `Step "${step}" sends at the same moment as "${mail}": there is no wait between them.`,
    ja: ({ step, mail }) => `ステップ「${step}」は「${mail}」と同時に配信されます。間に待機がありません。`,
  },
  'date-twice': {
    level: 'warning',
    en: ({ step, attribute }) =>
      `Wait "${step}" follows "${attribute}", which starts the scenario too: when the date is corrected, those who are in it enter again for the new date, and both mails go out at once. Let reentry be 'after-exit', or count the wait from 'entry'.`,
    ja: ({ step, attribute }) =>
      `待機「${step}」は、開始条件と同じ日付「${attribute}」を起点にしています。途中で日付が訂正されると、進行中の人が新しい日付でもう一度登録され、同じメールが2通同時に配信されます。再登録（reentry）を 'after-exit' にするか、待機の起点を 'entry' にしてください。`,
  },
  'wait-before-end': {
    level: 'note',
    en: ({ step }) => `Step "${step}" waits, and nothing comes after it.`,
    ja: ({ step }) => `ステップ「${step}」の待機の後に何もありません。`,
  },
  'outside-window': {
    level: 'note',
    en: ({ step, at, from, to }) => `Step "${step}" waits until ${at}, but mail goes out from ${from} to ${to} only.`,
    ja: ({ step, at, from, to }) => `ステップ「${step}」は${at}まで待ちますが、配信は${from}～${to}だけです。`,
  },
  'go-to-itself': {
    level: 'warning',
    en: ({ step }) => `Step "${step}" goes to this same scenario, which a contact enters once: it goes nowhere.`,
    ja: ({ step }) => `ステップ「${step}」は同じシナリオに進みますが、再登録されないため何も起きません。`,
  },
  'successor-unknown': {
    level: 'error',
    en: ({ step, to }) => `Who stood at "${step}" is to go on at "${to}", which is no step.`,
    ja: ({ step, to }) => `「${step}」の移行先「${to}」はステップではありません。`,
  },
  'successor-unused': {
    level: 'note',
    en: ({ step }) => `A successor is named for "${step}", which is still there.`,
    ja: ({ step }) => `「${step}」は残っているため、移行先の指定は使われません。`,
  },
  'sends-nothing': {
    level: 'warning',
    en: () => 'No way through this scenario sends a mail or calls the app.',
    ja: () => 'このシナリオはメールを一通も配信せず、アプリも呼びません。',
  },
  'cap-at-midnight': {
    level: 'warning',
    en: ({ cap }) =>
      `Cap "${cap}" puts mail off to the next day with room, and nothing keeps it from going out at midnight: set a window, or quietHours of the app.`,
    ja: ({ cap }) =>
      `上限「${cap}」で延期されたメールは、翌日の午前0時に配信されます。配信時間帯（window）かアプリの配信停止時間帯（quietHours）を設定してください。`,
  },
  'over-cap': {
    level: 'warning',
    en: ({ mails, cap, limit }) => `Up to ${mails} mails may be due on one day, but cap "${cap}" lets ${limit} through.`,
    ja: ({ mails, cap, limit }) => `1日に最大${mails}通になりますが、上限「${cap}」は${limit}通です。`,
  },
} as const satisfies {
  readonly [code: string]: { readonly level: FindingLevel; readonly en: Sentence; readonly ja: Sentence }
}

export type FindingCode = keyof typeof findingSentences

/** A finding without its sentence. */
export interface BareFinding {
  readonly code: FindingCode
  readonly step: string | null
  readonly words: FindingWords
}

export const bare = (code: FindingCode, step: string | null, words: FindingWords = {}): BareFinding => ({
  code,
  step,
  words: step === null ? words : { step, ...words },
})

/** The finding as it is read. */
export const spoken = ({ code, step, words }: BareFinding, language: FindingLanguage): Finding => ({
  level: findingSentences[code].level,
  code,
  step,
  text: findingSentences[code][language](words),
})
