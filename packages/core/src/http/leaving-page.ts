import { escapeHtml } from '../domain/reference/escape-html.ts'
import { htmlPage } from './html-page.ts'
import type { PageLocale } from './page-locale.ts'

/** What a page about leaving shows. Never the address. */
export interface Leaving {
  readonly locale: PageLocale
  /** Title of the topic; null where the mail belongs to none. */
  readonly topic: string | null
  /** Legal name of the sender. */
  readonly sender: string
}

export type LeavingChoice = 'topic' | 'all'

interface Words {
  readonly title: string
  readonly ask: string
  readonly legend: string
  readonly onlyTopic: (topic: string) => string
  readonly all: (sender: string) => string
  readonly button: string
  readonly allButton: string
  readonly note: string
  readonly done: string
  readonly doneTopic: (topic: string) => string
  readonly doneAll: (sender: string) => string
  readonly otherwise: string
  readonly failed: string
  readonly badLink: string
  readonly test: string
}

const words: { readonly [L in PageLocale]: Words } = {
  ja: {
    title: '配信停止',
    ask: '下のボタンを押すと、メールの配信を停止します。',
    legend: '停止するメール',
    onlyTopic: (topic) => `「${topic}」のメールだけ`,
    all: (sender) => `${sender}からのお知らせメールすべて`,
    button: '配信を停止する',
    allButton: 'すべてのお知らせメールの配信を停止する',
    note: 'ご注文やご契約についての大切なご連絡は、停止後もお送りすることがあります。',
    done: '配信を停止しました',
    doneTopic: (topic) => `「${topic}」のメールは、今後お送りしません。`,
    doneAll: (sender) => `${sender}からのお知らせメールは、今後お送りしません。`,
    otherwise: 'ほかのお知らせメールも停止する場合は、下のボタンを押してください。',
    failed: 'ただいまお手続きができませんでした。まだ配信は停止していません。しばらくしてから、もう一度お試しください。',
    badLink: 'この配信停止リンクは正しくないか、すでに無効です。メールのリンクをもう一度開いてください。',
    test: 'これはテストメールの配信停止リンクです。実際の配信停止は行われません。',
  },
  en: {
    title: 'Unsubscribe (配信停止)',
    ask: 'Press the button below to stop these mails.',
    legend: 'Mails to stop',
    onlyTopic: (topic) => `Only “${topic}”`,
    all: (sender) => `All news by mail from ${sender}`,
    button: 'Unsubscribe',
    allButton: 'Unsubscribe from all news by mail',
    note: 'You may still get important messages about your orders or contracts.',
    done: 'You are unsubscribed (配信停止)',
    doneTopic: (topic) => `You will get no more mails of “${topic}”.`,
    doneAll: (sender) => `You will get no more news by mail from ${sender}.`,
    otherwise: 'To stop all other news by mail too, press the button below.',
    failed: 'That did not work just now: you are still subscribed. Please try again in a while.',
    badLink: 'This unsubscribe link is wrong or no longer valid. Please open the link in the mail again.',
    test: 'This is the unsubscribe link of a test mail. It changes nothing.',
  },
}

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`
const footer = (sender: string): string => `<footer>${escapeHtml(sender)}</footer>`
const form = (fields: string, button: string): string =>
  `<form method="post">${fields}<button type="submit">${escapeHtml(button)}</button></form>`
const hidden = (choice: LeavingChoice): string => `<input type="hidden" name="choice" value="${choice}">`
const radio = (choice: LeavingChoice, text: string, isChecked: boolean): string =>
  `<label><input type="radio" name="choice" value="${choice}"${isChecked ? ' checked' : ''}> ${escapeHtml(text)}</label>`

/** Asks what to stop. Opening it changes nothing. */
export function askPage({ locale, topic, sender }: Leaving): Response {
  const { title, ask, legend, onlyTopic, all, button, note } = words[locale]
  const choices =
    topic === null
      ? hidden('all') + paragraph(all(sender))
      : `<fieldset><legend>${escapeHtml(legend)}</legend>${radio('topic', onlyTopic(topic), true)}${radio('all', all(sender), false)}</fieldset>`
  return htmlPage({ locale, title, body: paragraph(ask) + form(choices, button) + paragraph(note) + footer(sender) })
}

/** Says what was stopped, and offers to stop the rest. */
export function donePage({ locale, topic, sender }: Leaving, choice: LeavingChoice): Response {
  const { done, doneTopic, doneAll, otherwise, allButton, note } = words[locale]
  const body =
    choice === 'topic' && topic !== null
      ? paragraph(doneTopic(topic)) + paragraph(otherwise) + form(hidden('all'), allButton)
      : paragraph(doneAll(sender)) + paragraph(note)
  return htmlPage({ locale, title: done, body: body + footer(sender) })
}

/** A page with one sentence: a link that is not ours, a test mail, or a failure that may pass. */
export function sentencePage(locale: PageLocale, sentence: 'badLink' | 'test' | 'failed', status: number): Response {
  return htmlPage({ locale, status, title: words[locale].title, body: paragraph(words[locale][sentence]) })
}
