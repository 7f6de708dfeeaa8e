import { type BodyContext, eq, type Fragment, honorific, type LineContext, type Ref, when } from '@tobiishi/core'

const shop = 'https://shop.example.jp'

/** A subject in the reader's language: English for whoever does not read Japanese, as the legal block does it. */
export const title = (
  { recipient, line }: Pick<LineContext<unknown, unknown>, 'recipient' | 'line'>,
  ja: string | Fragment<'line'>,
  en: string | Fragment<'line'>,
) => line`${when(eq(recipient.language, 'en'), line`${en}`, line`${ja}`)}`

export interface Words {
  readonly ja: string | Fragment<'mjml'>
  readonly en: string | Fragment<'mjml'>
  /** Path in the shop, or a reference to a whole address. */
  readonly link: string | Ref<string>
  readonly button: { readonly ja: string; readonly en: string }
}

/** Salutation, words, one button, legal block. Replace it by your own layout, and all recipes have it. */
export const letter = (
  { recipient, mjml, footer }: Pick<BodyContext<unknown, unknown>, 'recipient' | 'mjml' | 'footer'>,
  { ja, en, link, button }: Words,
) => {
  const inLanguage = (japanese: Words['ja'], english: Words['en']) =>
    when(eq(recipient.language, 'en'), mjml`${english}`, mjml`${japanese}`)
  return mjml`
    <mj-section><mj-column>
      <mj-text>${honorific(recipient)}</mj-text>
      <mj-text line-height="1.8">${inLanguage(ja, en)}</mj-text>
      <mj-button href="${typeof link === 'string' ? `${shop}${link}` : link}">${inLanguage(button.ja, button.en)}</mj-button>
    </mj-column></mj-section>${footer()}`
}
