import type { TransportResult } from '@tobiishi/core/ports'
import { afterClaim } from '../after-claim.ts'
import type { EngineTheme, Kit } from '../engine-world.ts'
import { addContacts, ledger, subjects } from '../observations.ts'
import { everyone, model, nudge, thanks, tips } from '../shop.ts'

/** A mail in the evening. From version 2 on another, and whoever is in the first version goes. */
const eveningOf = (version: number) =>
  model.scenario('evening', {
    version,
    draft: version > 1,
    inFlight: 'exit',
    window: { from: '18:00', to: '20:00' },
    steps: ({ send }) => [send('first', version === 1 ? nudge : tips)],
  })

/** A call that nobody answers, then a mail. */
const askingOf = (version: number) =>
  model.scenario('asking', {
    version,
    draft: version > 1,
    inFlight: 'exit',
    steps: ({ call, send }) => [call('ask', 'ask', {}, { wait: false }), call('wait', 'ask', {}), send('first', thanks)],
  })

const evening = eveningOf(1)
const asking = askingOf(1)
const next = { evening: eveningOf(2), asking: askingOf(2) }

const ways: readonly (readonly [string, string, (kit: Kit, name: string) => Promise<unknown>])[] = [
  ['stop', 'stopped', (kit, name) => kit.scenarios.stop(name, { inFlight: 'exit' })],
  ['publish', 'replaced', (kit, name) => kit.scenarios.publish(name)],
]

/** More than a job on them takes in one pass. */
const many = 1_020

/** A mail at once, and nothing after it. */
const short = model.scenario('short', { version: 1, steps: ({ send }) => [send('first', nudge)] })

/** Once `stop` or `publish` has shown everybody out, nothing of theirs begins, however far the job has come. */
export const showingOutCases: EngineTheme = ({ test, expect }) => {
  test('archived at once, it sends no mail again that was refused for now; published again, it does for who comes then', async ({
    start,
  }) => {
    const gate: { leaving: Promise<unknown> | null; tries: number } = { leaving: null, tries: 0 }
    const archive = async (kit: Kit) => {
      await kit.scenarios.stop('short', { inFlight: 'exit' })
      await kit.scenarios.archive('short')
    }
    const answer = (): TransportResult | undefined => {
      gate.tries += 1
      if (gate.leaving !== null) return undefined
      gate.leaving = archive(kit)
      return { kind: 'transient', answer: { code: '451' } }
    }
    const kit: Kit = await start({ scenarios: [short], answer })
    await kit.enrol('c_1', short)
    await kit.settle()
    await gate.leaving
    await kit.clock.advance('1 day')
    expect([gate.tries, await ledger(kit)]).toEqual([1, ['nudge skipped: stopped']])
    await kit.scenarios.publish('short')
    await kit.enrol('c_2', short)
    await kit.clock.advance('1 day')
    expect(await ledger(kit, 'c_2')).toEqual(['nudge sent'])
  })

  for (const [way, reason, leave] of ways) {
    const templates = [nudge, tips]
    const scenarios = [evening]
    const after = way === 'stop' ? evening : next.evening

    test(`${way}: mail that is due is not sent`, async ({ start }) => {
      const kit = await start({ scenarios, templates })
      await addContacts(kit, many)
      await kit.enrol(everyone, evening)
      await kit.settle()
      const later = await start({ scenarios: [after], templates, now: '2026-01-05T09:00:00Z' })
      await leave(later, 'evening')
      if (way === 'publish') await later.enrol('new', next.evening)
      await later.settle()
      expect(subjects(later)).toEqual(way === 'publish' ? ['tips'] : [])
      expect(await ledger(later, `c_${many - 1}`)).toEqual([`nudge skipped: ${reason}`])
    })

    test(`${way}: nor is mail that a worker has taken, but not begun to hand over`, async ({ start, storage }) => {
      const kit = await start({ scenarios, templates })
      await kit.enrol('c_1', evening)
      await kit.settle()
      const app = await start({ scenarios: [after], templates, now: '2026-01-05T09:00:00Z' })
      const worker = await start({
        scenarios,
        templates,
        now: '2026-01-05T09:00:00Z',
        storage: afterClaim(storage, async () => void (await leave(app, 'evening'))),
      })
      await worker.settle()
      expect(subjects(worker)).toEqual([])
      await worker.clock.advance('2 days')
      expect(subjects(worker)).toEqual([])
      expect(await ledger(worker)).toEqual([`nudge skipped: ${reason}`])
    })

    test(`${way}: mail that is refused for now is not tried again`, async ({ start }) => {
      const gate: { leaving: Promise<unknown> | null; tries: number } = { leaving: null, tries: 0 }
      const answer = (): TransportResult => {
        gate.tries += 1
        gate.leaving ??= leave(kit, 'evening')
        return { kind: 'transient', answer: { code: '451' } }
      }
      const before = await start({ scenarios, templates })
      await before.enrol('c_1', evening)
      await before.settle()
      const kit: Kit = await start({
        scenarios: [after],
        templates,
        now: '2026-01-05T09:00:00Z',
        answer,
      })
      await kit.settle()
      await gate.leaving
      await kit.clock.advance('2 hours')
      expect(gate.tries).toBe(1)
      expect((await ledger(kit)).map((line) => line.split(':')[0])).toEqual(['nudge skipped'])
    })

    test(`${way}: no call begins, nor is one tried again`, async ({ start }) => {
      const called: string[] = []
      const ask = ({ contactId }: { readonly contactId: string }) => {
        called.push(contactId)
        throw new Error('down')
      }
      const kit = await start({ scenarios: [asking], templates: [thanks], handlers: { ask } })
      await addContacts(kit, 3)
      await kit.enrol(everyone, asking)
      await kit.settle()
      expect(called.length).toBe(6)
      const later = await start({
        scenarios: [way === 'stop' ? asking : next.asking],
        handlers: { ask },
        now: '2026-01-05T02:00:00Z',
      })
      await leave(later, 'asking')
      await later.clock.advance('2 days')
      expect(called.length).toBe(6)
      expect(await later.scenarios.get('asking')).toMatchObject({ active: 0, exited: 3 })
    })
  }
}
