import { type SuiteContext, someMail } from './suite-context.ts'

/** Calls run side by side up to `concurrency` and never beyond, however many are asked for. */
export function concurrency({ describe, scene, expect }: SuiteContext): void {
  describe('concurrency', () => {
    const options = { concurrency: 3 }
    scene(
      'keeps 12 calls to 3 at once, and every mail arrives once',
      ['slow'],
      async (world) => {
        await world.behave('slow')
        const ids = Array.from({ length: 12 }, (_, index) => `m${index}`)
        const results = await Promise.all(ids.map((id) => world.transport.send(someMail(id))))
        expect(results.map(({ kind }) => kind)).toEqual(ids.map(() => 'accepted'))
        const arrived = (await world.received()).map(({ to }) => to[0]?.split('@')[0])
        expect(arrived.toSorted()).toEqual(ids.toSorted())
        expect(world.transport.concurrency).toBe(3)
        expect(world.peak).toBe(3)
      },
      options,
    )
    scene(
      'aborting a call that waits for its turn hands nothing over',
      ['stall-before'],
      async (world) => {
        await world.behave('stall-before')
        const blocking = new AbortController()
        const waiting = new AbortController()
        const first = world.transport.send(someMail('m1'), { signal: blocking.signal })
        const second = world.transport.send(someMail('m2'), { signal: waiting.signal })
        waiting.abort()
        expect((await second).kind).toBe('transient')
        await world.behave('accept')
        blocking.abort()
        expect((await first).kind).toBe('transient')
        expect((await world.transport.send(someMail('m3'))).kind).toBe('accepted')
        expect((await world.received()).map(({ to }) => to[0])).toEqual(['m3@recipient.example'])
      },
      { concurrency: 1 },
    )
  })
}
