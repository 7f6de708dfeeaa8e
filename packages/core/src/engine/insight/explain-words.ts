import type { SkipReason } from '../../domain/consent/consent.ts'
import type { Reentry } from '../../domain/scenario/scenario-definition.ts'
import type { ScenarioRow } from '../../ports/storage/index.ts'

export type ExplainLanguage = 'ja' | 'en'

type Words = Readonly<Record<string, string | number>>
type InBoth = Readonly<Record<ExplainLanguage, string>>
type Sentence = Readonly<Record<ExplainLanguage, (words: Words) => string>>

/** What an explanation can say, in both languages. */
export const sentences = {
  noContact: { en: () => 'There is no contact with this id.', ja: () => 'このIDの顧客は登録されていません。' },
  blocked: {
    en: ({ template, reason, rule }) => `Mail "${template}" would not be sent now: ${reason} (${rule}).`,
    ja: ({ template, reason, rule }) => `メール「${template}」は現在配信されません：${reason}（${rule}）。`,
  },
  blockedAsIs: {
    en: ({ template, reason }) => `Mail "${template}" would not be sent now: ${reason}.`,
    ja: ({ template, reason }) => `メール「${template}」は現在配信されません：${reason}。`,
  },
  entered: {
    en: ({ at, version }) => `Entered ${at}, version ${version}.`,
    ja: ({ at, version }) => `${at} に開始（バージョン${version}）。`,
  },
  enteredAndMoved: {
    en: ({ at, entered, version }) => `Entered ${at}, version ${entered}; moved to version ${version} since.`,
    ja: ({ at, entered, version }) => `${at} に開始（バージョン${entered}、その後バージョン${version}へ移行）。`,
  },
  neverEntered: { en: () => 'Has never been in this scenario.', ja: () => 'このシナリオに入ったことはありません。' },
  notActive: {
    en: ({ state }) => `The scenario is ${state}: nobody enters it now.`,
    ja: ({ state }) => `シナリオは${state}のため、新たに入ることはありません。`,
  },
  pausedNow: {
    en: () => 'The scenario is paused: who enters now waits until it goes on.',
    ja: () => 'シナリオは一時停止中です。いま入った人は再開まで待ちます。',
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
    en: ({ event, at }) => `The last "${event}" (${at}) came in when it was too old to start the scenario (maxEventAge).`,
    ja: ({ event, at }) => `直近の「${event}」（${at}）は、届いた時点で古すぎました（maxEventAge）。`,
  },
  eventLate: {
    en: ({ event, at }) =>
      `The last "${event}" (${at}) started nothing: it was too old when a worker came to it (maxEventAge), the scenario took no entries then, or it was recorded to start nothing.`,
    ja: ({ event, at }) =>
      `直近の「${event}」（${at}）では始まりませんでした。処理された時点で古すぎた（maxEventAge）か、シナリオが受け付けていないときか、開始しない取り込みでした。`,
  },
  eventMissed: {
    en: ({ event, at }) =>
      `The last "${event}" (${at}) started nothing: it came before the scenario took entries, or was recorded to start nothing.`,
    ja: ({ event, at }) =>
      `直近の「${event}」（${at}）では始まりませんでした。シナリオの公開前だったか、開始しない取り込みでした。`,
  },
  alreadyIn: {
    en: ({ event, at, reentry }) => `"${event}" happened again (${at}), but re-entry kept the contact out: ${reentry}.`,
    ja: ({ event, at, reentry }) => `「${event}」が再びありました（${at}）が、再登録の規則により入りませんでした：${reentry}。`,
  },
  mayComeIn: {
    en: ({ segment }) => `Is not in segment "${segment}": coming into it starts the scenario.`,
    ja: ({ segment }) => `セグメント「${segment}」に該当していません。該当した時点で始まります。`,
  },
  mayLeave: {
    en: ({ segment }) => `Is in segment "${segment}": leaving it starts the scenario.`,
    ja: ({ segment }) => `セグメント「${segment}」に該当しています。外れた時点で始まります。`,
  },
  wasIn: {
    en: ({ segment }) => `Was in segment "${segment}" before the scenario watched it: only coming into it starts the scenario.`,
    ja: ({ segment }) => `シナリオの公開前からセグメント「${segment}」に該当しています。新たに該当した時点でのみ始まります。`,
  },
  wasOut: {
    en: ({ segment }) => `Is not in segment "${segment}": only leaving it starts the scenario.`,
    ja: ({ segment }) => `セグメント「${segment}」に該当していません。外れた時点でのみ始まります。`,
  },
  cameInRefused: {
    en: ({ segment, at, reentry }) =>
      `Came into segment "${segment}" again (${at}), but re-entry kept the contact out: ${reentry}. What counts next is coming into it anew.`,
    ja: ({ segment, at, reentry }) =>
      `セグメント「${segment}」に再び該当しました（${at}）が、再登録の規則により入りませんでした：${reentry}。次に新たに該当した時点で判定します。`,
  },
  leftRefused: {
    en: ({ segment, at, reentry }) =>
      `Left segment "${segment}" again (${at}), but re-entry kept the contact out: ${reentry}. What counts next is leaving it anew.`,
    ja: ({ segment, at, reentry }) =>
      `セグメント「${segment}」から再び外れました（${at}）が、再登録の規則により入りませんでした：${reentry}。次に新たに外れた時点で判定します。`,
  },
  mayComeInAgain: {
    en: ({ segment, from }) => `Is not in segment "${segment}": coming into it starts the scenario again${from}.`,
    ja: ({ segment, from }) => `セグメント「${segment}」に該当していません。該当した時点で再び始まります${from}。`,
  },
  mayLeaveAgain: {
    en: ({ segment, from }) => `Is in segment "${segment}": leaving it starts the scenario again${from}.`,
    ja: ({ segment, from }) => `セグメント「${segment}」に該当しています。外れた時点で再び始まります${from}。`,
  },
  inAgain: {
    en: ({ segment, from }) => `Is in segment "${segment}": only coming into it anew starts the scenario again${from}.`,
    ja: ({ segment, from }) => `セグメント「${segment}」に該当しています。新たに該当した時点でのみ再び始まります${from}。`,
  },
  outAgain: {
    en: ({ segment, from }) => `Is not in segment "${segment}": only leaving it anew starts the scenario again${from}.`,
    ja: ({ segment, from }) => `セグメント「${segment}」に該当していません。新たに外れた時点でのみ再び始まります${from}。`,
  },
  dateRefused: {
    en: ({ attribute, at, reentry }) =>
      `The date in "${attribute}" comes ${at}, but as things are re-entry keeps the contact out: ${reentry}.`,
    ja: ({ attribute, at, reentry }) =>
      `属性「${attribute}」の日付による開始日時は ${at} ですが、現状では再登録の規則により入りません：${reentry}。`,
  },
  noDate: {
    en: ({ attribute }) => `The attribute "${attribute}" is not set, or is no date.`,
    ja: ({ attribute }) => `属性「${attribute}」が未設定か、日付ではありません。`,
  },
  dateOver: {
    en: ({ attribute }) => `The time to enter by the date in "${attribute}" has passed.`,
    ja: ({ attribute }) => `属性「${attribute}」の日付による開始日時は過ぎています。`,
  },
  nextDate: { en: ({ at }) => `Enters next ${at}.`, ja: ({ at }) => `次は ${at} に始まります。` },
  waiting: {
    en: ({ step, at, how, from }) => `Waits at step "${step}" until ${at}: ${how} (counted from ${from}).`,
    ja: ({ step, at, how, from }) => `ステップ「${step}」で ${at} まで待機中：${how}（${from} から数えて）。`,
  },
  waitingForAnchor: {
    en: ({ step, how, from }) => `Waits at step "${step}" without an end: ${how}, but there is nothing to count from (${from}).`,
    ja: ({ step, how, from }) => `ステップ「${step}」で待機中：${how}ですが、基準（${from}）がありません。`,
  },
  waitingFor: {
    en: ({ step, at, arms, since }) =>
      `Waits at step "${step}" until ${at} for the first of: ${arms}. Events count since ${since}; if nothing happens it goes on by the time-out.`,
    ja: ({ step, at, arms, since }) =>
      `ステップ「${step}」で ${at} まで次のいずれかを待機中：${arms}。イベントは ${since} 以降が対象で、何もなければ時間切れの先へ進みます。`,
  },
  waitingForever: {
    en: ({ step, arms, since }) => `Waits at step "${step}" for the first of: ${arms}. Events count since ${since}.`,
    ja: ({ step, arms, since }) => `ステップ「${step}」で次のいずれかを待機中：${arms}。イベントは ${since} 以降が対象です。`,
  },
  goesOn: {
    en: ({ step, at }) => `Goes on at step "${step}", due ${at}.`,
    ja: ({ step, at }) => `ステップ「${step}」から再開予定（${at}）。`,
  },
  lastMail: {
    en: ({ at }) => `All steps are done; the last mail is due ${at}.`,
    ja: ({ at }) => `すべてのステップが完了し、最後のメールが ${at} に配信予定です。`,
  },
  waitingForResult: {
    en: ({ step, call }) => `Waits at step "${step}" for the answer of the app: ${call}.`,
    ja: ({ step, call }) => `ステップ「${step}」でアプリの応答を待っています（${call}）。`,
  },
  resultComes: {
    en: ({ step }) => `The app has answered at step "${step}"; it goes on when a worker looks next.`,
    ja: ({ step }) => `ステップ「${step}」のアプリの応答は済み、次の処理で先へ進みます。`,
  },
  called: {
    en: ({ step, call }) => `Step "${step}": ${call}.`,
    ja: ({ step, call }) => `ステップ「${step}」：${call}。`,
  },
  waitingOpen: {
    en: ({ step }) => `Waits at step "${step}".`,
    ja: ({ step }) => `ステップ「${step}」で待機中。`,
  },
  leaving: {
    en: ({ reason }) => `Is leaving: ${reason}. A worker ends it at its next look.`,
    ja: ({ reason }) => `離脱の処理中です（${reason}）。次の処理で終了します。`,
  },
  held: {
    en: ({ state }) => `Nothing goes on: the scenario is ${state}.`,
    ja: ({ state }) => `シナリオは${state}のため止まっています。`,
  },
  ended: {
    en: ({ at, reason }) => `Ended ${at}: ${reason}.`,
    ja: ({ at, reason }) => `${at} に終了：${reason}。`,
  },
  sent: {
    en: ({ mail, at }) => `Mail "${mail}" went out ${at}.`,
    ja: ({ mail, at }) => `メール「${mail}」を ${at} に配信しました。`,
  },
  queued: {
    en: ({ mail, at }) => `Mail "${mail}" is queued for ${at}.`,
    ja: ({ mail, at }) => `メール「${mail}」は ${at} に配信予定です。`,
  },
  queuedFor: {
    en: ({ mail, at, why }) => `Mail "${mail}" is queued for ${at}: ${why}.`,
    ja: ({ mail, at, why }) => `メール「${mail}」は ${at} に配信予定です：${why}。`,
  },
  queuedTooLate: {
    en: ({ mail, at, why }) =>
      `Mail "${mail}" could go out ${at} at the earliest, too late for it, so it will be left out: ${why}.`,
    ja: ({ mail, at, why }) => `メール「${mail}」は早くて ${at} の配信となり期限を過ぎるため見送られます：${why}。`,
  },
  queuedNow: {
    en: ({ mail, why }) => `Mail "${mail}" is queued: ${why}.`,
    ja: ({ mail, why }) => `メール「${mail}」は配信待ちです：${why}。`,
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
    en: ({ mail, at, reason }) => `Whether mail "${mail}" (${at}) was accepted is not known: ${reason}.`,
    ja: ({ mail, at, reason }) => `メール「${mail}」（${at}）が受け付けられたか不明です：${reason}。`,
  },
  broadcastCancelled: { en: () => 'The broadcast was cancelled.', ja: () => 'この一斉配信は取り消されました。' },
  broadcastNotStarted: {
    en: ({ at }) => `The broadcast starts ${at}; its audience is fixed then.`,
    ja: ({ at }) => `この一斉配信は ${at} に始まり、対象はその時点で決まります。`,
  },
  broadcastExpanding: {
    en: () => 'The mails of this broadcast are being made; there is none for this contact yet.',
    ja: () => 'この一斉配信のメールを作成中です。この顧客の分はまだありません。',
  },
  notInBroadcast: {
    en: () => 'Was not in the audience of this broadcast.',
    ja: () => 'この一斉配信の対象ではありませんでした。',
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

const skipReasons: Readonly<Record<SkipReason, InBoth>> = {
  'no-address': { en: 'no address', ja: 'メールアドレスなし' },
  suppressed: { en: 'the address is suppressed', ja: '配信停止リストに登録済み' },
  'no-consent': { en: 'no consent', ja: '同意なし' },
  'consent-pending': { en: 'consent not confirmed yet', ja: '同意の確認待ち' },
  'consent-withdrawn': { en: 'consent withdrawn', ja: '配信停止済み' },
  'consent-expired': { en: 'consent expired', ja: '同意の期限切れ' },
  'basis-refused': { en: 'the basis of consent does not count here', ja: '同意の根拠が認められない' },
  expired: { en: 'it could not go out in time', ja: '配信期限切れ' },
  late: { en: 'its time had passed', ja: '予定時刻を過ぎた' },
  exited: { en: 'the enrolment ended before', ja: 'シナリオを離脱' },
  cancelled: { en: 'cancelled', ja: '中止' },
  'contact-erased': { en: 'the contact was erased', ja: '顧客を削除' },
  paused: { en: 'it was due while the scenario was paused', ja: '一時停止中に予定時刻を過ぎた' },
  past: { en: 'its time had passed before the contact came to it', ja: '到達した時点で予定時刻を過ぎていた' },
  'date-changed': {
    en: 'its date or the zone of the contact has changed: it was taken back, and what is set now decides',
    ja: '基準日またはタイムゾーンが変わったため取り消され、現在の値で判定し直されます',
  },
  'no-anchor': { en: 'the date it counts from is not set', ja: '基準日が未設定' },
  holdout: { en: 'holdout of an experiment', ja: '実験の非配信群' },
  capped: { en: 'the frequency cap was reached', ja: '配信頻度の上限' },
  stopped: { en: 'the scenario was stopped', ja: 'シナリオを停止' },
  replaced: { en: 'the version was replaced', ja: 'バージョンの入れ替え' },
}

/** Of failed mail, and of enrolments that ended. */
const otherReasons: Readonly<Record<string, InBoth>> = {
  rejected: { en: 'refused by the receiving side', ja: '受信側が拒否' },
  'gave-up': { en: 'the mail server could not be reached', ja: '送信先に届かない' },
  'render-failed': { en: 'a value that the mail prints is missing', ja: '本文を作れない' },
  ambiguous: { en: 'the connection broke before the server had answered', ja: '応答の前に接続が切れた' },
  'lease-over': { en: 'the worker that sent it did not come back', ja: '送信中の処理が途絶えた' },
  late: { en: 'a mail was too late', ja: '予定時刻を過ぎた' },
  completed: { en: 'completed', ja: '完了' },
  goal: { en: 'reached the goal', ja: '目標を達成' },
  merged: { en: 'merged into another contact', ja: '別の顧客に統合' },
  erased: { en: 'the contact was erased', ja: '顧客を削除' },
  'step-limit': { en: 'more than 100 steps without a wait of a minute', ja: '1分以上の待機のない100ステップ超' },
  'unknown-step': { en: 'its step is no more in the scenario', ja: 'ステップが存在しない' },
}

const endings: readonly { readonly prefix: string; readonly say: Readonly<Record<ExplainLanguage, (name: string) => string>> }[] =
  [
    { prefix: 'event:', say: { en: (name) => `"${name}" happened`, ja: (name) => `「${name}」があった` } },
    { prefix: 'segment:', say: { en: (name) => `came into segment "${name}"`, ja: (name) => `セグメント「${name}」に該当` } },
  ]

/** A reason as people say it; a code that has no words is that of an error. */
export const reasonInWords = (reason: string, language: ExplainLanguage): string => {
  const ending = endings.find(({ prefix }) => reason.startsWith(prefix))
  if (ending !== undefined) return ending.say[language](reason.slice(ending.prefix.length))
  const all: Readonly<Record<string, InBoth>> = { ...otherReasons, ...skipReasons }
  const words = Object.hasOwn(all, reason) ? all[reason] : undefined
  return words?.[language] ?? (language === 'ja' ? `エラー「${reason}」` : `error "${reason}"`)
}

const states: Readonly<Record<ScenarioRow['state'], InBoth>> = {
  draft: { en: 'a draft', ja: '下書き' },
  active: { en: 'active', ja: '公開中' },
  paused: { en: 'paused', ja: '一時停止中' },
  stopped: { en: 'stopped', ja: '停止済み' },
  archived: { en: 'archived', ja: 'アーカイブ済み' },
}

export const stateInWords = (state: ScenarioRow['state'], language: ExplainLanguage): string => states[state][language]

const reentries: Readonly<Record<Exclude<Reentry['kind'], 'cooldown'>, InBoth>> = {
  once: { en: 'a contact enters once only', ja: '一人一回のみ' },
  'after-exit': { en: 'it was still in it', ja: '参加中だった' },
  'every-event': { en: 'this event has been counted', ja: 'このイベントは処理済み' },
}

/** What the rule of re-entry says to somebody whom it kept out. */
export const reentryInWords = (kind: Exclude<Reentry['kind'], 'cooldown'>, language: ExplainLanguage): string =>
  reentries[kind][language]

export const cooldownInWords = (until: string, language: ExplainLanguage): string =>
  language === 'ja' ? `次に入れるのは ${until} 以降` : `it may enter again from ${until}`
