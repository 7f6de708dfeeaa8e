import { describe, expect, it } from 'vitest'
import { model } from '../../../test/delivery/delivery-world.ts'
import { createTestTobiishi } from '../../testing/index.ts'
import type { Profile } from '../tobiishi.ts'

const grant = { basis: 'opt-in', evidence: { source: 'form:/signup' } }

const rows: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unknown part', { mail: 'a@customer.example' }, /'mail'.*email, name/],
  ['consent: true', { email: 'a@customer.example', consent: true }, /^consent must be a list of grants/],
  ['a single grant', { consent: grant }, /^consent must be a list/],
  ['a grant that is none', { consent: [null] }, /^consent\.0 must be an object/],
  ['a misspelt topics, which would grant all', { consent: [{ ...grant, topic: 'news' }] }, /^consent\.0 has no 'topic'/],
  ['topics as text', { consent: [{ ...grant, topics: 'news' }] }, /^consent\.0\.topics must be a list/],
  ['a withdrawal that is none', { withdraw: ['news'] }, /^withdraw\.0 must be an object/],
  [
    'a misspelt topics of a withdrawal',
    { withdraw: [{ evidence: grant.evidence, topic: 'news' }] },
    /^withdraw\.0 has no 'topic'/,
  ],
  ['text for a name', { name: '山田' }, /^name must be an object/],
  ['a list for attributes', { attributes: ['pro'] }, /^attributes must be an object/],
  ['text for the profile', 'a@customer.example', /^The profile must be an object/],
]

describe('a profile of another shape, as JavaScript can write it', () => {
  it.each(rows)('is refused with the path and without its values: %s', async (_what, wrong, sentence) => {
    const t = await createTestTobiishi({ model, grantConsent: false })
    const profile = wrong as Profile<object>
    const refusal = { code: 'contact.invalid_attributes', message: expect.stringMatching(sentence) }
    await expect(t.contacts.identify('c_1', profile)).rejects.toMatchObject(refusal)
    expect(await t.contacts.identifyMany([{ id: 'c_1', profile }])).toMatchObject({ taken: 0, refused: [refusal] })
  })

  it('is refused in a grant too', async () => {
    const t = await createTestTobiishi({ model })
    await t.contacts.identify('c_1', { email: 'a@customer.example' })
    await expect(t.consent.grant('c_1', { ...grant, topic: 'news' } as never)).rejects.toThrow(/^consent\.0 has no 'topic'/)
  })
})
