import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../src/memory/index.ts'
import { createTestTobiishi } from '../../src/testing/index.ts'
import { first, hour, model, now } from '../club.ts'

const segment = model.segment('lively', ({ attribute, did, all, any, not }) =>
  any(
    all(attribute('plan', '=', 'pro'), did('viewed', { within: '10 hours' })),
    all(did('bought', { within: '30 hours' }), not(did('viewed', { within: '3 hours' }))),
  ),
)
const by = (on: 'entry' | 'exit') =>
  model.scenario(`on-${on}`, {
    version: 1,
    enterOn: { segment, on },
    reentry: 'every-event',
    steps: ({ send }) => [send('first', first)],
  })

const contacts = ['a', 'b'] as const
const contact = fc.constantFrom(...contacts)
const act = fc.oneof(
  fc.record({ kind: fc.constantFrom('viewed', 'bought', 'pro', 'free'), contact }),
  fc.record({ kind: fc.constant('pass'), hours: fc.integer({ min: 1, max: 40 }) }),
)

describe('a watched segment', () => {
  it('never drifts from who is in it, and starts something exactly when somebody comes in or falls out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (acts) => {
        const storage = memoryStorage()
        const t = await createTestTobiishi({ model, scenarios: [by('entry'), by('exit')], storage, now })
        const flips = new Map<string, ('on-entry' | 'on-exit')[]>(contacts.map((id) => [id, []]))
        const isIn = new Map<string, boolean>()
        const compare = async () => {
          const members = await t.segments.members(segment)
          const [watch] = await storage.read((reader) => reader.watches.all())
          const rows = await storage.read((reader) => reader.watches.members([watch?.key ?? ''], contacts))
          expect(
            rows
              .filter(({ isMember }) => isMember)
              .map(({ contactId }) => contactId)
              .toSorted(),
          ).toEqual(members)
          for (const id of contacts) {
            const isMember = members.includes(id)
            if (isMember !== (isIn.get(id) ?? false)) flips.get(id)?.push(isMember ? 'on-entry' : 'on-exit')
            isIn.set(id, isMember)
          }
        }
        for (const one of acts) {
          if ('hours' in one) {
            // Hour by hour, because a contact may come in and fall out again on the way.
            for (let passed = 0; passed < one.hours; passed += 1) {
              await t.clock.advance(hour)
              await compare()
            }
            continue
          }
          if (one.kind === 'viewed') await t.track(one.contact, 'viewed', { page: '/' })
          else if (one.kind === 'bought') await t.track(one.contact, 'bought', { total: 1 })
          else await t.contacts.identify(one.contact, { attributes: { plan: one.kind === 'pro' ? 'pro' : 'free' } })
          await t.settle()
          await compare()
        }
        for (const id of contacts) {
          const started = (await t.scenarios.enrolments(id)).map(({ scenario }) => scenario)
          expect(started.toSorted()).toEqual(flips.get(id)?.toSorted())
        }
      }),
      { numRuns: 30 },
    )
  })
})
