import { hour, type Instant, minute } from '../../domain/time/instant.ts'
import { localTime, type Speaker } from './explain-finding.ts'
import type { CapHold, MailHold } from './explanation.ts'

type Until = (at: Instant) => string
type Plain = 'paused' | 'stopped' | 'replaced' | 'handed-over' | 'due' | 'no-calendar'
type HoldWords = { readonly [R in Plain]: () => string } & {
  readonly [R in Exclude<MailHold['reason'], Plain>]: (hold: Extract<MailHold, { reason: R }>, until: Until) => string
}

const days = {
  en: { any: 'every day', weekdays: 'weekdays', business: 'business days' },
  ja: { any: '毎日', weekdays: '平日', business: '営業日' },
} as const

const gapOf = (ms: number): { readonly amount: number; readonly unit: 'hour' | 'minute' } =>
  ms >= hour ? { amount: Math.round((ms * 10) / hour) / 10, unit: 'hour' } : { amount: Math.ceil(ms / minute), unit: 'minute' }

const timesTried = (tries: number, attempts: number | null): string =>
  attempts === null ? `tried ${tries} ${tries === 1 ? 'time' : 'times'}` : `tried ${tries} of ${attempts} times`

const english: HoldWords = {
  paused: () => 'the scenario is paused',
  stopped: () => 'it will be left out, the scenario was stopped',
  replaced: () => 'it will be left out, the version was replaced',
  'handed-over': () => 'it is with the mail server',
  due: () => 'a worker takes it at its next look',
  retry: ({ tries, attempts, code, until }, say) =>
    `the mail server did not take it${code === null ? '' : ` (${code})`}; ${timesTried(tries, attempts)}, next try ${say(until)}`,
  cap: (hold, say) =>
    `${capInEnglish(hold, 'is')}${hold.until === null ? ', so it will be left out' : `; there is room from ${say(hold.until)}`}`,
  'earlier-mail': () => 'an earlier mail of this scenario has to go out first',
  'min-gap': ({ gap, until }, say) => {
    const { amount, unit } = gapOf(gap)
    return `the mail before went out late, and they stay ${amount} ${unit}${amount === 1 ? '' : 's'} apart, until ${say(until)}`
  },
  'closed-day': (hold, say) => `${hold.date} is closed (the scenario sends on ${days.en[hold.days]}), until ${say(hold.until)}`,
  window: ({ from, to, until }, say) => `the scenario sends from ${from} to ${to} only, next ${say(until)}`,
  'quiet-hours': ({ from, to, until }, say) => `quiet hours are from ${from} to ${to}, until ${say(until)}`,
  moved: ({ until }, say) => `the pause has moved it to ${say(until)}`,
  'no-calendar': () => 'the calendar has no data for the days ahead: give createTobiishi a newer one',
}

const japanese: HoldWords = {
  paused: () => 'シナリオが一時停止中',
  stopped: () => 'シナリオの停止により見送り',
  replaced: () => 'バージョンの入れ替えにより見送り',
  'handed-over': () => 'メールサーバーへ送信中',
  due: () => '次の処理で送信',
  retry: ({ tries, attempts, code, until }, say) =>
    `メールサーバーが受け付けず${code === null ? '' : `（${code}）`}、${attempts === null ? '' : `${attempts}回中`}${tries}回試行済み、次は ${say(until)}`,
  cap: (hold, say) =>
    `${capInJapanese(hold, 'いる')}${hold.until === null ? '、このままなら見送り' : `、次の枠は ${say(hold.until)}`}`,
  'earlier-mail': () => 'このシナリオの前のメールの配信待ち',
  'min-gap': ({ gap, until }, say) => {
    const { amount, unit } = gapOf(gap)
    return `前のメールが遅れて配信されたため${amount}${unit === 'hour' ? '時間' : '分'}空ける、${say(until)} まで`
  },
  'closed-day': (hold, say) => `${hold.date} は休み（${days.ja[hold.days]}のみ配信）、${say(hold.until)} まで`,
  window: ({ from, to, until }, say) => `配信時間帯は ${from}～${to}、次は ${say(until)}`,
  'quiet-hours': ({ from, to, until }, say) => `配信禁止時間帯（${from}～${to}）、${say(until)} まで`,
  moved: ({ until }, say) => `一時停止の分だけ ${say(until)} へ移動`,
  'no-calendar': () => '営業日カレンダーにこの先の日付がない（createTobiishi に新しいものを渡す）',
}

const capInEnglish = ({ cap, isFull, keptFor }: CapHold, is: 'is' | 'was'): string => {
  if (isFull) return `the frequency cap "${cap}" ${is} full`
  const other = keptFor === null ? 'a broadcast' : `scenario "${keptFor}"`
  return `the place in the frequency cap "${cap}" ${is} kept for mail of ${other}, which goes first`
}

const capInJapanese = ({ cap, isFull, keptFor }: CapHold, is: 'いる' | 'いた'): string => {
  if (isFull) return `配信頻度の上限「${cap}」に達して${is}`
  const other = keptFor === null ? '一斉配信' : `シナリオ「${keptFor}」`
  return `配信頻度の上限「${cap}」の枠は先に送る${other}のメールのために確保されて${is}`
}

const sayHold = (hold: MailHold, use: HoldWords, until: Until): string => {
  switch (hold.reason) {
    case 'retry':
      return use.retry(hold, until)
    case 'cap':
      return use.cap(hold, until)
    case 'earlier-mail':
      return use['earlier-mail'](hold, until)
    case 'min-gap':
      return use['min-gap'](hold, until)
    case 'closed-day':
      return use['closed-day'](hold, until)
    case 'window':
      return use.window(hold, until)
    case 'quiet-hours':
      return use['quiet-hours'](hold, until)
    case 'moved':
      return use.moved(hold, until)
    case 'paused':
    case 'stopped':
    case 'replaced':
    case 'handed-over':
    case 'due':
    case 'no-calendar':
      return use[hold.reason]()
  }
}

/** What keeps a mail back, as parts of one sentence. */
export const holdsInWords = (all: readonly MailHold[], { language, timeZone }: Speaker): string => {
  const use = language === 'ja' ? japanese : english
  return all.map((hold) => sayHold(hold, use, (at) => localTime(at, timeZone))).join(language === 'ja' ? '／' : '; ')
}

/** Why a cap left a mail out. */
export const capInWords = (hold: CapHold, { language }: Speaker): string =>
  language === 'ja' ? capInJapanese(hold, 'いた') : capInEnglish(hold, 'was')
