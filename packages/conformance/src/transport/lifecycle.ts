import { TobiishiError } from '@tobiishi/core'
import { type SuiteContext, someMail } from './suite-context.ts'
import type { ServerBehaviour } from './transport-world.ts'

/** `verify` says what is wrong before the first mail; `close` ends all; `send` never rejects. */
export function lifecycle({ describe, scene, expect }: SuiteContext): void {
  describe('verify', () => {
    scene('resolves where mail can be sent, and sends none', ['accept'], async (world) => {
      await world.transport.verify()
      expect(world.completeMails).toBe(0)
    })
    const failures: readonly [ServerBehaviour, string, boolean][] = [
      ['unreachable', 'transport.failed', true],
      ['refuse-login', 'transport.config', false],
    ]
    for (const [behaviour, code, isRetryable] of failures) {
      scene(`rejects with ${code} when the server is set to ${behaviour}`, [behaviour], async (world) => {
        await world.behave(behaviour)
        const error = await world.transport.verify().then(
          () => null,
          (reason: unknown) => reason,
        )
        expect(TobiishiError.is(error)).toBe(true)
        expect(error).toMatchObject({ code, isRetryable })
      })
    }
  })

  describe('close', () => {
    scene('ends, also the second time, and nothing goes out afterwards', ['accept'], async (world) => {
      expect((await world.transport.send(someMail('m1'))).kind).toBe('accepted')
      await world.transport.close()
      await world.transport.close()
      expect((await world.transport.send(someMail('m2'))).kind).toBe('transient')
      expect(world.completeMails).toBe(1)
    })
    scene('lets the mail under way finish', ['slow'], async (world) => {
      await world.behave('slow')
      const call = world.transport.send(someMail('m1'))
      await Promise.all([world.transport.close(), world.transport.close()])
      expect((await call).kind).toBe('accepted')
    })
  })

  describe('never rejects', () => {
    const unfit: readonly [string, string][] = [
      ['a line break', 'a\r\nRCPT TO:<b@recipient.example>@recipient.example'],
      ['no at sign', 'nobody'],
      ['angle brackets', 'a@recipient.example>, <b@recipient.example'],
    ]
    for (const [name, to] of unfit) {
      scene(`an envelope with ${name} is an outcome, and reaches nobody`, ['accept'], async (world) => {
        const mail = someMail('m1')
        const result = await world.transport.send({ ...mail, envelope: { ...mail.envelope, to } })
        expect(result.kind).toBe('rejected')
        expect(result).toMatchObject({ bounceClass: 'message' })
        expect((await world.received()).length).toBe(0)
      })
    }
  })
}
