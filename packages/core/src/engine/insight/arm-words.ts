import type { WakeSpec } from '../../domain/scenario/enrolment.ts'
import type { WaitForStep } from '../../domain/scenario/scenario-definition.ts'
import { describeSegment } from '../../domain/segment/describe-segment.ts'
import type { Milliseconds } from '../../domain/time/instant.ts'
import { localTime, type Speaker } from './explain-finding.ts'
import type { ExplainLanguage } from './explain-words.ts'
import type { WaitsFor } from './explanation.ts'

const fates = {
  en: { sent: 'was sent', delivered: 'was delivered', opened: 'is opened', clicked: 'is clicked', bounced: 'bounces' },
  ja: { sent: '配信', delivered: '到達', opened: '開封', clicked: 'クリック', bounced: '不達' },
} as const

/** One of several things that are waited for. */
export const armInWords = (on: WaitForStep['arms'][number]['on'], language: ExplainLanguage): string => {
  const isJapanese = language === 'ja'
  if (on.kind === 'segment') return isJapanese ? `セグメント「${on.segment}」に該当` : `the contact is in segment "${on.segment}"`
  if (on.kind === 'event') {
    const where = on.where === null ? '' : describeSegment(on.where, language)
    if (isJapanese) return `イベント「${on.event}」${where === '' ? '' : `（${where}）`}`
    return `event "${on.event}"${where === '' ? '' : ` (${where})`}`
  }
  const link = on.link === null ? '' : isJapanese ? `（リンク ${on.link}）` : ` (link ${on.link})`
  return isJapanese
    ? `メール「${on.step}」の${fates.ja[on.fate]}${link}`
    : `the mail of step "${on.step}" ${fates.en[on.fate]}${link}`
}

type From = Extract<WaitsFor, { kind: 'time' }>['from']

/** What a wait counts from, with its local time, and where pauses have moved that to; of a date only the date. */
export const countedFrom = (
  { language, timeZone }: Speaker,
  { kind, name }: From,
  { from, anchorAt, movedBy }: Pick<WakeSpec, 'from' | 'anchorAt'> & { readonly movedBy: Milliseconds },
): string => {
  const isDate = from.kind === 'attribute' && from.type === 'date'
  const at = anchorAt === null ? '' : localTime(anchorAt - movedBy, timeZone).slice(0, isDate ? 10 : undefined)
  const what = {
    en: {
      previous: 'the planned time of the mail before',
      entry: 'the entry',
      attribute: `attribute "${name}"`,
      event: `the last event "${name}"`,
    },
    ja: { previous: '前のメールの予定時刻', entry: '開始', attribute: `属性「${name}」`, event: `直近のイベント「${name}」` },
  }[language][kind]
  if (at === '') return what
  const told = language === 'ja' ? `${what} ${at}` : `${what}, ${at}`
  if (anchorAt === null || movedBy === 0) return told
  const moved = localTime(anchorAt, timeZone)
  return language === 'ja' ? `${told} を一時停止の分だけ移した ${moved}` : `${told}, moved by the pause to ${moved}`
}
