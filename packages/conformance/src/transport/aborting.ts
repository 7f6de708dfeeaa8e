import { type SuiteContext, someMail } from './suite-context.ts'

/** A call ends hard: at `maxCallMs`, or when its signal aborts; what it knows by then is its outcome. */
export function aborting({ describe, scene, expect }: SuiteContext): void {
  const short = { maxCallMs: 300 }
  describe('aborting', () => {
    scene(
      'a server that says nothing is given up at maxCallMs: transient',
      ['stall-before'],
      async (world) => {
        await world.behave('stall-before')
        const began = performance.now()
        expect((await world.transport.send(someMail('m1'))).kind).toBe('transient')
        expect(performance.now() - began < 2_000).toBe(true)
      },
      short,
    )
    scene(
      'a server that is silent after the whole mail is given up at maxCallMs: ambiguous',
      ['stall-after'],
      async (world) => {
        await world.behave('stall-after')
        const began = performance.now()
        expect((await world.transport.send(someMail('m1'))).kind).toBe('ambiguous')
        expect(performance.now() - began < 2_000).toBe(true)
        expect(world.completeMails).toBe(1)
      },
      short,
    )
    scene('an aborted signal ends a call at once: transient', ['stall-before'], async (world) => {
      await world.behave('stall-before')
      const controller = new AbortController()
      const call = world.transport.send(someMail('m1'), { signal: controller.signal })
      const began = performance.now()
      controller.abort()
      expect((await call).kind).toBe('transient')
      expect(performance.now() - began < 1_000).toBe(true)
    })
    scene('an aborted signal after the whole mail: ambiguous', ['stall-after'], async (world) => {
      await world.behave('stall-after')
      const controller = new AbortController()
      const call = world.transport.send(someMail('m1'), { signal: controller.signal })
      while (world.completeMails === 0) await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      expect((await call).kind).toBe('ambiguous')
    })
    scene('a signal that is aborted already hands nothing over', ['accept'], async (world) => {
      const result = await world.transport.send(someMail('m1'), { signal: AbortSignal.abort() })
      expect(result.kind).toBe('transient')
      expect(world.completeMails).toBe(0)
    })
    scene('a signal that aborts later changes nothing', ['accept'], async (world) => {
      const controller = new AbortController()
      expect((await world.transport.send(someMail('m1'), { signal: controller.signal })).kind).toBe('accepted')
      controller.abort()
      expect((await world.transport.send(someMail('m2'))).kind).toBe('accepted')
      expect((await world.received()).length).toBe(2)
    })
  })
}
