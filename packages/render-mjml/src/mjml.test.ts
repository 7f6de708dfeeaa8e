import { TobiishiError } from '@tobiishi/core'
import { expect, test } from 'vitest'
import { mjml } from './mjml.ts'

const document = (body: string): string => `<mjml>\n<mj-body>\n${body}\n</mj-body>\n</mjml>`

const refusalOf = async (source: string): Promise<TobiishiError> => {
  try {
    await mjml().toHtml(source)
  } catch (error) {
    if (TobiishiError.is(error)) return error
    throw error
  }
  return expect.fail('nothing was refused')
}

test('renders MJML and leaves placeholders as they are', async () => {
  const { html } = await mjml().toHtml(
    document(`<mj-section><mj-column><mj-text>word0q1z <b title="word0q2z">髙①</b></mj-text>
      <mj-button href="word0q3z">x</mj-button><mj-image src="word0q4z" alt="word0q5z" title="word0q6z" /></mj-column></mj-section>
      <mj-raw>word0q7z</mj-raw>`),
  )
  expect(html).toMatch(/^<!doctype html>/i)
  for (const word of [
    'word0q1z',
    'title="word0q2z"',
    'href="word0q3z"',
    'src="word0q4z"',
    'alt="word0q5z"',
    'title="word0q6z"',
    'word0q7z',
  ]) {
    expect(html).toContain(word)
  }
  expect(html).toContain('髙①')
})

test.each([
  ['an unknown tag', '<mj-sekcion></mj-sekcion>', 3, 'mj-sekcion'],
  ['an unknown attribute', '<mj-section colour="red"></mj-section>', 3, 'mj-section'],
  ['a tag that is never closed', '<mj-section><mj-column>\n<mj-text>lost words</mj-column></mj-section>', 4, 'mj-text'],
  ['a tag that closes nothing', '<mj-section></mj-section>\n</mj-text>', 4, 'mj-text'],
  ['a wrong nesting', '<mj-section>\n<mj-text>x</mj-text></mj-section>', 4, 'mj-text'],
  ['a wrong type of value', '<mj-section padding="secret words"></mj-section>', 3, 'mj-section'],
])('%s is refused with line and tag, and without what was written', async (_what, body, line, tag) => {
  const error = await refusalOf(document(body))
  expect(error.code).toBe('template.invalid')
  expect(error.details.findings).toContainEqual({ line, tag })
  expect(error.message).toContain(`line ${line}, <${tag}>`)
  expect(error.message).not.toContain('secret words')
})

test('every finding is named', async () => {
  const error = await refusalOf(document('<mj-section a="1"></mj-section>\n<mj-section b="2"></mj-section>'))
  expect(error.details.findings).toEqual([
    { line: 3, tag: 'mj-section' },
    { line: 4, tag: 'mj-section' },
  ])
})

test.each(['', 'words', '<html></html>', '<mjml></mjml>'])('what is no MJML document is refused: %j', async (source) => {
  expect((await refusalOf(source)).code).toBe('template.invalid')
})

test('files are not read: mj-include stays out', async () => {
  const { html } = await mjml().toHtml(document(`<mj-include path="${import.meta.filename}" type="html" />`))
  expect(html).not.toContain('mj-include stays out')
})

test('web fonts are linked where they are used, from the given address', async () => {
  const { html } = await mjml({ fonts: { 'Noto Sans JP': 'https://fonts.example.jp/noto.css' } }).toHtml(
    document('<mj-section><mj-column><mj-text font-family="Noto Sans JP">x</mj-text></mj-column></mj-section>'),
  )
  expect(html).toContain('https://fonts.example.jp/noto.css')
})
