import type { ConsentInput, Profile, TypesOf } from '../../../src/index.ts'
import type { model } from '../../club.ts'
import type { Act, App } from '../scene.ts'

const consent: ConsentInput[] = [{ basis: 'opt-in', evidence: { source: 'form' } }]
type Attributes = NonNullable<Profile<TypesOf<typeof model>['attributes']>['attributes']>

export const addressOf = (id: string) => `${id}@customer.test`

/** Tells the app's mail of a customer who consents to it. */
export const signsUp = async (mail: App, id: string, attributes: Attributes = {}): Promise<void> => {
  await mail.contacts.identify(id, { email: addressOf(id), consent, attributes })
}

export const joins = (mail: App, id: string, key = `${id} joined`): Promise<void> =>
  mail.track(id, 'joined', { by: 'form' }, { id: key })

export const buys = (mail: App, id: string, key = `${id} bought`): Promise<void> =>
  mail.track(id, 'bought', { total: 1_000 }, { id: key })

/** At the beginning all of them sign up and join. */
export const allJoin = (...ids: readonly string[]): Act => ({
  at: 0,
  run: async (mail) => {
    for (const id of ids) {
      await signsUp(mail, id)
      await joins(mail, id)
    }
  },
})
