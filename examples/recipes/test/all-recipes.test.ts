import { readFileSync } from 'node:fs'
import { isHoliday } from '@tobiishi/core/calendars/jp'
import { createTestTobiishi } from '@tobiishi/core/testing'
import { mjml } from '@tobiishi/render-mjml'
import { describe, expect, it } from 'vitest'
import { model } from '../mail/model.ts'
import { recipes } from '../recipes/index.ts'

const names = recipes.map(({ definition }) => definition.name)
const quietHours = { from: '22:00', to: '07:00' }
const caps = [{ name: 'one-a-day', per: 'day', limit: 1 }] as const
const guide = readFileSync(new URL('../../../docs/recipes.md', import.meta.url), 'utf8')

describe('every recipe', () => {
  it.each(recipes.map((recipe) => [recipe.definition.name, recipe] as const))('%s reads well', (name, recipe) => {
    const handlers = ['tellSales', 'callBack']
    expect(recipe.check({ handlers, scenarios: names, quietHours, caps })).toEqual([])
    expect(recipe.diagram({ language: 'ja' })).toContain('flowchart')
    expect(guide).toContain(`\`${name}\``)
  })

  it('has letters in both languages that are sound MJML, and lives beside the others in one app', async () => {
    const t = await createTestTobiishi({
      model,
      scenarios: recipes,
      markup: mjml(),
      isHoliday,
      quietHours,
      caps,
      handlers: { tellSales: () => {}, callBack: () => {} },
    })
    const active = (await t.scenarios.list()).filter(({ state }) => state === 'active')
    expect(active.map(({ name }) => name).toSorted()).toEqual(names.toSorted())

    await t.contacts.identify('c', { email: 'c@example.test', attributes: { birthday: '1990-01-14', joinedOn: '2025-01-07' } })
    await t.track('c', 'member.registered', {}, { occurredAt: '2025-01-07T03:00:00Z', startScenarios: false })
    await t.track('c', 'brochure.requested', { brochure: '導入ガイド' })
    await t.track('c', 'cart.updated', { items: 1, url: 'https://shop.example.jp/cart/abc' })
    await t.clock.advance('14 days')
    const mails = await t.messages.ofContact('c')
    const sent = mails.filter(({ state, purpose }) => state === 'sent' && purpose === 'marketing')
    const days = sent.map(({ finishedAt }) => new Date((finishedAt ?? 0) + 9 * 3_600_000).toISOString().slice(0, 10))
    expect(new Set(days).size).toBe(days.length)
    expect(new Set(sent.map(({ scenario }) => scenario))).toEqual(
      new Set(['birthday', 'anniversary', 'brochure-education', 'cart']),
    )
  })
})
