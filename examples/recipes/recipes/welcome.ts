import { letter, title } from '../mail/letter.ts'
import { model } from '../mail/model.ts'

const hello = model.template('welcome-hello', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, '会員登録ありがとうございます。はじめにこちらをどうぞ', 'Welcome: start here'),
  body: (its) =>
    letter(its, {
      ja: 'ご登録ありがとうございます。会員の方は全国どこでも送料が無料です。まずはお好みに合う豆を、3つの質問で探してみませんか。',
      en: 'Thank you for joining us. Members get free shipping everywhere in Japan. Answer three questions to find your beans.',
      link: '/finder',
      button: { ja: '好みの豆を探す', en: 'Find my beans' },
    }),
})

const brewing = model.template('welcome-brewing', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, 'ご自宅でおいしく淹れる3つのコツ', 'Three ways to a better cup at home'),
  body: (its) =>
    letter(its, {
      ja: '豆の量、お湯の温度、蒸らしの時間。この3つだけで味は大きく変わります。道具は今お使いのもので大丈夫です。',
      en: 'Dose, temperature, bloom: these three change the cup most, with the tools you have.',
      link: '/guide/brewing',
      button: { ja: '淹れかたを読む', en: 'Read the guide' },
    }),
})

const popular = model.template('welcome-popular', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, '読んでくださった方に人気の豆はこちらです', 'What readers of our guide chose'),
  body: (its) =>
    letter(its, {
      ja: '淹れかたの記事をお読みいただき、ありがとうございます。同じ記事を読んだ方に選ばれている豆をまとめました。',
      en: 'Thank you for reading our guide. These are the beans that its readers chose most.',
      link: '/items?sort=popular',
      button: { ja: '人気の豆を見る', en: 'See popular beans' },
    }),
})

const trial = model.template('welcome-trial', {
  purpose: 'marketing',
  topic: 'guide',
  subject: (its) => title(its, 'はじめての方へ。お試しセットのご案内', 'A small set to begin with'),
  body: (its) =>
    letter(its, {
      ja: '何から選べばよいか迷ったら、50gずつ3種類のお試しセットがおすすめです。送料は無料です。',
      en: 'Not sure where to begin? Try three beans of 50 g each, shipping included.',
      link: '/items/trial-set',
      button: { ja: 'お試しセットを見る', en: 'See the trial set' },
    }),
})

/**
 * ようこそメール: what a new member should know first.
 *
 * Purpose: the first order, while interest is fresh.
 * Enters: whoever registers, once. Leaves: with the first order (goal).
 * Measure: conversion rate (order.placed) by step; click rate of `brewing`; unsubscribe rate per mail of `hello`.
 * Change first: the offer of `trial`, then the seven days.
 */
export const welcome = model.scenario('welcome', {
  version: 1,
  enterOn: 'member.registered',
  goal: 'order.placed',
  window: { from: '08:00', to: '21:00' },
  priority: 20,
  steps: ({ send, wait, branch, clicked }) => [
    send('hello', hello),
    wait('settle', { days: 3, at: '10:00' }),
    send('brewing', brewing),
    wait('try', { days: 4, at: '10:00' }),
    branch('read', clicked('brewing'), { yes: [send('popular', popular)], no: [send('trial', trial)] }),
  ],
})
