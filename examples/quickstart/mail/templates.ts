import { honorific, or } from '@tobiishi/core'
import * as z from 'zod'
import { model } from './model.ts'

const shop = 'https://shop.example.jp'

export const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'welcome',
  subject: ({ line }) => line`飛石ショップへようこそ`,
  preheader: ({ line }) => line`会員になるとできる3つのこと`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text font-size="20px">${honorific(recipient)}</mj-text>
      <mj-text>ご登録ありがとうございます。①送料割引 ②お誕生日の贈り物 ③会員限定の商品 をお楽しみください。</mj-text>
      <mj-button href="${shop}/items">商品を見る</mj-button>
      <mj-text><a href="${shop}/guide">ご利用ガイド</a></mj-text>
    </mj-column></mj-section>${footer()}`,
})

export const welcomeTips = model.template('welcome-tips', {
  purpose: 'marketing',
  topic: 'welcome',
  subject: ({ recipient, line }) => line`${honorific(recipient)} 苔玉の育てかた`,
  preheader: ({ line }) => line`水やりは週に2回で十分です`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>はじめての方にいちばん選ばれているのが苔玉です。</mj-text>
      <mj-button href="${shop}/items/kokedama">苔玉キットを見る</mj-button>
      <mj-text><a href="${shop}/column/kokedama">育てかたを読む</a></mj-text>
    </mj-column></mj-section>${footer()}`,
})

export const proThanks = model.template('pro-thanks', {
  purpose: 'marketing',
  topic: 'welcome',
  subject: ({ line }) => line`プレミアム会員さまへ 先行のご案内`,
  body: ({ recipient, contact, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>枯山水デスクセットを一般発売の前にお求めいただけます。(お誕生日: ${or(contact.birthday, '未登録')})</mj-text>
      <mj-button href="${shop}/items/karesansui">先行販売へ</mj-button>
    </mj-column></mj-section>${footer()}`,
})

/** Asked for, so transactional: no advertisement in it. */
export const brochureReceipt = model.template('brochure-receipt', {
  purpose: 'transactional',
  props: z.object({ brochure: z.string() }),
  subject: ({ props, line }) => line`【飛石ショップ】「${props.brochure}」のご請求を承りました`,
  body: ({ recipient, props, text }) => text`${honorific(recipient)}

「${props.brochure}」のご請求をいただき、ありがとうございます。
3営業日以内に発送いたします。

飛石ショップ
東京都千代田区架空町1-2-3`,
})

export const lesson1 = model.template('lesson-1', {
  purpose: 'marketing',
  topic: 'education',
  props: z.object({ brochure: z.string() }),
  subject: ({ line }) => line`庭づくり講座 第1回 石を置く`,
  preheader: ({ props, line }) => line`${props.brochure} とあわせてお読みください`,
  body: ({ recipient, props, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>${props.brochure} はお手元に届きましたか。第1回は石の置きかたです。</mj-text>
      <mj-button href="${shop}/lessons/1">第1回を読む</mj-button>
      <mj-text><a href="${shop}/items/stones">講座で使う石</a></mj-text>
    </mj-column></mj-section>${footer()}`,
})

export const lesson2 = model.template('lesson-2', {
  purpose: 'marketing',
  topic: 'education',
  subject: ({ line }) => line`庭づくり講座 第2回 苔を育てる`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>第2回は苔です。日陰でもよく育ちます。</mj-text>
      <mj-button href="${shop}/lessons/2">第2回を読む</mj-button>
      <mj-text><a href="${shop}/items/kokedama">苔玉キット</a></mj-text>
    </mj-column></mj-section>${footer()}`,
})

export const offer = model.template('offer', {
  purpose: 'marketing',
  topic: 'education',
  subject: ({ recipient, line }) => line`${honorific(recipient)} 講座を終えた方へ 送料無料のご案内`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>講座をお読みいただいた方は、はじめてのご注文の送料が無料です。</mj-text>
      <mj-button href="${shop}/items?coupon=LESSON">商品を見る</mj-button>
    </mj-column></mj-section>${footer()}`,
})

export const comeBack = model.template('come-back', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ recipient, line }) => line`${honorific(recipient)} お久しぶりです`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>前回のご注文から少し時間がたちました。秋の新商品をご覧ください。</mj-text>
      <mj-button href="${shop}/autumn">秋の新商品</mj-button>
      <mj-text><a href="${shop}/items?sort=popular">人気の商品</a></mj-text>
    </mj-column></mj-section>${footer()}`,
})

export const lastCall = model.template('last-call', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`10%割引クーポンは今週末までです`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>お戻りをお待ちしています。クーポンコード MODORU10 をお使いください。</mj-text>
      <mj-button href="${shop}/items?coupon=MODORU10">クーポンを使う</mj-button>
    </mj-column></mj-section>${footer()}`,
})

export const newsletter = model.template('newsletter', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`飛石ショップ通信 秋号`,
  preheader: ({ line }) => line`お月見の庭、はじめての枯山水`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text font-size="20px">飛石ショップ通信 秋号</mj-text>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text><a href="${shop}/column/tsukimi">お月見の庭</a></mj-text>
      <mj-text><a href="${shop}/column/karesansui">はじめての枯山水</a></mj-text>
      <mj-button href="${shop}/autumn">秋の新商品</mj-button>
    </mj-column></mj-section>${footer()}`,
})
