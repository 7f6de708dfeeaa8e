import { honorific } from '@tobiishi/core'
import { model } from './model.ts'

export const welcome = model.template('welcome', {
  purpose: 'marketing',
  topic: 'onboarding',
  subject: ({ line }) => line`ご登録ありがとうございます`,
  body: ({ recipient, mjml, footer }) => mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text>最初にすることを3つにまとめました。</mj-text>
      <mj-button href="https://app.example.jp/start">はじめる</mj-button>
    </mj-column></mj-section>${footer()}`,
})
