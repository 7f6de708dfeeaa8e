import type { TransportResult } from '@tobiishi/core/ports'
import { type SuiteContext, someMail } from './suite-context.ts'
import type { ServerBehaviour } from './transport-world.ts'

/** What the server does decides the outcome; nothing is handed over twice, and the next mail is not harmed. */
const outcomes: readonly {
  readonly when: ServerBehaviour
  readonly kind: TransportResult['kind']
  readonly completeMails?: number
  readonly because: string
}[] = [
  { when: 'reject-recipient', kind: 'rejected', completeMails: 0, because: 'the recipient is refused for good' },
  { when: 'reject-mail', kind: 'rejected', completeMails: 1, because: 'the mail is refused for good' },
  { when: 'defer-recipient', kind: 'transient', completeMails: 0, because: 'the recipient is refused for now' },
  { when: 'defer-mail', kind: 'transient', completeMails: 1, because: 'the mail is refused for now' },
  { when: 'drop-before', kind: 'transient', because: 'the server broke off before the mail was complete' },
  { when: 'drop-after', kind: 'ambiguous', completeMails: 1, because: 'the server had the whole mail and did not answer' },
  { when: 'unreachable', kind: 'transient', completeMails: 0, because: 'nobody listens' },
  { when: 'refuse-login', kind: 'transient', because: 'wrong credentials must not cost recipients' },
]

export function outcomesOf({ describe, scene, expect }: SuiteContext): void {
  describe('outcomes', () => {
    for (const { when, kind, completeMails, because } of outcomes) {
      scene(`${kind}: ${because}`, [when], async (world) => {
        await world.behave(when)
        const result = await world.transport.send(someMail('taro.yamada'))
        expect(result.kind).toBe(kind)
        expect(JSON.stringify(result.answer).includes('taro.yamada@')).toBe(false)
        expect(JSON.stringify(result.answer) === '{}').toBe(false)
        expect((await world.received()).length).toBe(0)
        if (completeMails !== undefined) expect(world.completeMails).toBe(completeMails)
      })
    }

    scene('a refused recipient is told from other refusals', ['reject-recipient'], async (world) => {
      await world.behave('reject-recipient')
      expect(await world.transport.send(someMail('m1'))).toMatchObject({ kind: 'rejected', bounceClass: 'hard-unknown-user' })
    })

    const recoverable: readonly ServerBehaviour[] = [
      'reject-recipient',
      'reject-mail',
      'defer-recipient',
      'defer-mail',
      'drop-before',
    ]
    for (const when of [...recoverable, 'drop-after'] as const) {
      scene(`after ${when} the next mail goes out as if nothing had been`, [when], async (world) => {
        expect((await world.transport.send(someMail('m1'))).kind).toBe('accepted')
        await world.behave(when)
        await world.transport.send(someMail('m2'))
        await world.behave('accept')
        expect((await world.transport.send(someMail('m3'))).kind).toBe('accepted')
        expect((await world.received()).map(({ to }) => to[0])).toEqual(['m1@recipient.example', 'm3@recipient.example'])
      })
    }
  })
}
