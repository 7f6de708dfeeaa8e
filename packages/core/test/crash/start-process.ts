import { createTobiishi } from '../../src/index.ts'
import type { Logger } from '../../src/ports/logger.ts'
import { model } from '../club.ts'
import type { ManualClock } from '../delivery/delivery-world.ts'
import { accepted } from '../delivery/scripted-transport.ts'
import { type Surroundings, storageUnderFate, transportUnderFate } from './process.ts'
import type { App, Code, Scene } from './scene.ts'

export const addressKey = 'an address key for tests, long enough'

const options = {
  model,
  senders: {
    default: { legalName: '株式会社飛石', displayName: '飛石', email: 'a@shop.test', postalAddress: '東京都', contact: '03-0' },
  },
  baseUrl: 'https://shop.test/mail',
  secrets: [{ id: 'k1', value: 'a secret for tests, long enough to pass' }],
  addressKey,
}

/** What an operator is told of interruptions. */
const toldOfInterruptions = ['message.becameUnknown', 'transport.overran']

interface Start {
  readonly scene: Scene
  readonly code: Code
  readonly clock: ManualClock
  /** Takes warnings and errors that do not belong to the story. */
  readonly said: string[]
}

/** A process of the app on the rows of the world, prepared. What it is hinted at is lost: nobody waits for it. */
export const startProcess = async (surroundings: Surroundings, { scene, code, clock, said }: Start): Promise<App> => {
  const { scenarios, templates = [], caps = [] } = code
  const mail = createTobiishi({
    ...options,
    scenarios,
    templates,
    caps,
    clock,
    handlers: handlersUnderFate(surroundings, code),
    storage: storageUnderFate(surroundings),
    transport: transportUnderFate(surroundings, scene.answer ?? (() => accepted)),
    waker: { hint: () => {}, wait: async () => {} },
    logger: keeping(said, [...toldOfInterruptions, ...(scene.says ?? [])]),
  })
  await mail.prepare()
  return mail
}

const handlersUnderFate = ({ witness, fate }: Surroundings, { handlers = {} }: Code) =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      async (call: Parameters<typeof handler>[0]) => {
        witness.handled.push({ idemKey: call.idemKey, attempt: call.attempt, after: witness.facts.length })
        await fate.pass('before handler')
        handler(call)
        await fate.pass('after handler')
      },
    ]),
  )

const keeping = (said: string[], known: readonly string[]): Logger => {
  const write = (event: string, fields?: Readonly<Record<string, unknown>>) => {
    if (!known.includes(event)) said.push(`${event} ${JSON.stringify(fields)}`)
  }
  return { debug: () => {}, info: () => {}, warn: write, error: write }
}
