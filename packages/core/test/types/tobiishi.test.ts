import { describe, expect, expectTypeOf, it } from 'vitest'
import { createTobiishi, type Tobiishi, type TobiishiOptions } from '../../src/index.ts'
import type { Storage } from '../../src/ports/index.ts'
import { createTestTobiishi } from '../../src/testing/index.ts'
import { model, onboarding } from '../shop.ts'

// What compiles here must compile, what has @ts-expect-error must not; `tsc -p tsconfig.json` is the judge.

interface HostTransaction {
  readonly query: (sql: string) => void
}
declare const rest: Omit<TobiishiOptions<typeof model>, 'storage' | 'model'>

describe('the types of createTobiishi', () => {
  it('come from the model and the storage', () => {
    const typed = () => {
      const mail = createTobiishi({ ...rest, model, storage: {} as Storage<HostTransaction> })
      expectTypeOf(mail).toExtend<Tobiishi<NonNullable<(typeof model)['~types']>, HostTransaction>>()
      expectTypeOf<Parameters<typeof mail.track>[1]>().toEqualTypeOf<'brochure.requested' | 'order.placed'>()
      const tx: HostTransaction = { query: () => {} }
      void mail.track('c_1', 'order.placed', { total: 1 }, { tx, id: 'o1' })
      void mail.contacts.identify('c_1', { attributes: { plan: 'pro', points: null } }, { tx })
      // @ts-expect-error no such event
      void mail.track('c_1', 'order.shipped', { total: 1 })
      // @ts-expect-error the payload of another event
      void mail.track('c_1', 'order.placed', { brochure: 'A' })
      // @ts-expect-error no such attribute
      void mail.contacts.identify('c_1', { attributes: { plant: 'pro' } })
      // @ts-expect-error not a value of the attribute
      void mail.contacts.identify('c_1', { attributes: { plan: 'gold' } })
      // @ts-expect-error not the storage's transaction
      void mail.track('c_1', 'order.placed', { total: 1 }, { tx: 'BEGIN' })
      // @ts-expect-error an attribution event that the model does not have
      createTobiishi({ ...rest, model, storage: {} as Storage, attribution: { events: ['order.shipped'] } })
    }
    expect(typed).toBeTypeOf('function')
  })

  it('allow no transaction where the storage shares none', async () => {
    const t = await createTestTobiishi({ model, scenarios: [onboarding] })
    // @ts-expect-error the storage in memory shares no transactions
    await expect(t.track('c_1', 'order.placed', { total: 1 }, { tx: {} })).rejects.toThrow(/shares no transactions/)
  })
})
