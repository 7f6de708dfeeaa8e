import type { SkipReason } from '../../domain/consent/consent.ts'

export type ExplainLanguage = 'ja' | 'en'

type Words = Readonly<Record<string, string | number>>
type Sentence = Readonly<Record<ExplainLanguage, (words: Words) => string>>

/** What an explanation can say, in both languages. */
export const sentences = {
  noContact: { en: () => 'There is no contact with this id.', ja: () => 'このIDの顧客は登録されていません。' },
  noAddress: { en: () => 'The contact has no e-mail address.', ja: () => 'メールアドレスが登録されていません。' },
  blocked: {
    en: ({ template, reason, rule }) => `Mail "${template}" would not be sent now: ${reason} (${rule}).`,
    ja: ({ template, reason, rule }) => `メール「${template}」は現在配信されません：${reason}（${rule}）。`,
  },
  entered: {
    en: ({ at, version }) => `Entered ${at}, version ${version}.`,
    ja: ({ at, version }) => `${at} に開始（バージョン${version}）。`,
  },
  neverEntered: { en: () => 'Has never been in this scenario.', ja: () => 'このシナリオに入ったことはありません。' },
  notActive: {
    en: ({ state }) => `The scenario is ${state}: nobody enters it now.`,
    ja: ({ state }) => `シナリオの状態は「${state}」のため、新たに入ることはありません。`,
  },
  byHandOnly: { en: () => 'Only enrol() starts this scenario.', ja: () => 'このシナリオは手動登録でのみ始まります。' },
  noEvent: {
    en: ({ event }) => `The event that starts it, "${event}", has not happened to this contact.`,
    ja: ({ event }) => `開始条件のイベント「${event}」がまだありません。`,
  },
  eventNotFit: {
    en: ({ event, at }) => `The last "${event}" (${at}) did not meet the condition on its payload.`,
    ja: ({ event, at }) => `直近の「${event}」（${at}）は開始条件を満たしませんでした。`,
  },
  eventTooOld: {
    en: ({ event, at }) =>
      `The last "${event}" (${at}) came in when it was too old, or before the scenario was there, or was imported to start nothing.`,
    ja: ({ event, at }) =>
      `直近の「${event}」（${at}）は、届いた時点で古すぎたか、シナリオの公開前か、開始しない取り込みでした。`,
  },
  notInSegment: {
    en: ({ segment, is }) => `Is ${is} segment "${segment}"; crossing its border starts the scenario.`,
    ja: ({ segment, is }) => `セグメント「${segment}」に${is}。出入りの時点で始まります。`,
  },
  noDate: {
    en: ({ attribute }) => `The attribute "${attribute}" is not set.`,
    ja: ({ attribute }) => `属性「${attribute}」が未設定です。`,
  },
  nextDate: { en: ({ at }) => `Enters next ${at}.`, ja: ({ at }) => `次は ${at} に始まります。` },
  waiting: {
    en: ({ step, at }) => `Waits at step "${step}" until ${at}.`,
    ja: ({ step, at }) => `ステップ「${step}」で ${at} まで待機中。`,
  },
  waitingForResult: {
    en: ({ step }) => `Waits at step "${step}" for the answer of the app.`,
    ja: ({ step }) => `ステップ「${step}」でアプリの応答を待っています。`,
  },
  held: {
    en: ({ state }) => `Nothing goes on: the scenario is ${state}.`,
    ja: ({ state }) => `シナリオの状態が「${state}」のため止まっています。`,
  },
  ended: {
    en: ({ at, how }) => `Ended ${at}: ${how}.`,
    ja: ({ at, how }) => `${at} に終了：${how}。`,
  },
  sent: {
    en: ({ mail, at }) => `Mail "${mail}" went out ${at}.`,
    ja: ({ mail, at }) => `メール「${mail}」を ${at} に配信しました。`,
  },
  queued: {
    en: ({ mail, at }) => `Mail "${mail}" is queued for ${at}.`,
    ja: ({ mail, at }) => `メール「${mail}」は ${at} に配信予定です。`,
  },
  skipped: {
    en: ({ mail, at, reason }) => `Mail "${mail}" was left out ${at}: ${reason}.`,
    ja: ({ mail, at, reason }) => `メール「${mail}」は ${at} に見送られました：${reason}。`,
  },
  failed: {
    en: ({ mail, at, reason }) => `Mail "${mail}" failed ${at}: ${reason}.`,
    ja: ({ mail, at, reason }) => `メール「${mail}」は ${at} に失敗しました：${reason}。`,
  },
  unknown: {
    en: ({ mail, at }) => `Whether mail "${mail}" (${at}) was accepted is not known; it is not sent again.`,
    ja: ({ mail, at }) => `メール「${mail}」（${at}）が受け付けられたか不明です。再送はしません。`,
  },
  notInBroadcast: {
    en: () => 'Was not in the audience of this broadcast.',
    ja: () => 'この一斉配信の対象ではありませんでした。',
  },
  broadcastNotStarted: {
    en: ({ at }) => `The broadcast starts ${at}; its audience is fixed then.`,
    ja: ({ at }) => `この一斉配信は ${at} に始まり、対象はその時点で決まります。`,
  },
  member: { en: ({ segment }) => `Is in segment "${segment}".`, ja: ({ segment }) => `セグメント「${segment}」に該当します。` },
  notMember: {
    en: ({ segment }) => `Is not in segment "${segment}".`,
    ja: ({ segment }) => `セグメント「${segment}」に該当しません。`,
  },
  leafTrue: { en: ({ what }) => `True: ${what}.`, ja: ({ what }) => `該当：${what}。` },
  leafFalse: { en: ({ what }) => `False: ${what}.`, ja: ({ what }) => `非該当：${what}。` },
} as const satisfies Readonly<Record<string, Sentence>>

export type SentenceName = keyof typeof sentences

const reasons: Readonly<Record<SkipReason | string, Readonly<Record<ExplainLanguage, string>>>> = {
  'no-address': { en: 'no address', ja: 'メールアドレスなし' },
  suppressed: { en: 'the address is suppressed', ja: '配信停止リストに登録済み' },
  'no-consent': { en: 'no consent', ja: '同意なし' },
  'consent-pending': { en: 'consent not confirmed yet', ja: '同意の確認待ち' },
  'consent-withdrawn': { en: 'consent withdrawn', ja: '配信停止済み' },
  'consent-expired': { en: 'consent expired', ja: '同意の期限切れ' },
  'basis-refused': { en: 'the basis of consent does not count here', ja: '同意の根拠が認められない' },
  expired: { en: 'its time had passed', ja: '配信期限切れ' },
  late: { en: 'its time had passed', ja: '予定時刻を過ぎた' },
  exited: { en: 'the enrolment ended before', ja: 'シナリオを離脱' },
  cancelled: { en: 'cancelled', ja: '中止' },
  'contact-erased': { en: 'the contact was erased', ja: '顧客を削除' },
  paused: { en: 'it was due while the scenario was paused', ja: '一時停止中に予定時刻を過ぎた' },
  past: { en: 'its time had passed before the contact came to it', ja: '到達した時点で予定時刻を過ぎていた' },
  'no-anchor': { en: 'the date it counts from is not set', ja: '基準日が未設定' },
  holdout: { en: 'holdout of an experiment', ja: '実験の非配信群' },
  capped: { en: 'the frequency cap was reached', ja: '配信頻度の上限' },
  stopped: { en: 'the scenario was stopped', ja: 'シナリオを停止' },
  replaced: { en: 'the version was replaced', ja: 'バージョンの入れ替え' },
  rejected: { en: 'refused by the receiving side', ja: '受信側が拒否' },
  completed: { en: 'completed', ja: '完了' },
  goal: { en: 'reached the goal', ja: '目標を達成' },
  merged: { en: 'merged into another contact', ja: '別の顧客に統合' },
}

/** A reason as people say it; a code that has no words stays as it is. */
export const reasonInWords = (reason: string, language: ExplainLanguage): string => reasons[reason]?.[language] ?? reason
