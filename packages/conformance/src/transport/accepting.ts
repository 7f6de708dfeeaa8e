import { type SuiteContext, someMail } from './suite-context.ts'

/** A mail that is taken arrives once, byte by byte, for one recipient. */
export function accepting({ describe, scene, expect }: SuiteContext): void {
  describe('accepting', () => {
    scene('hands over the exact bytes to the one recipient of the envelope', ['accept'], async ({ transport, ...world }) => {
      const mail = someMail('m1')
      const result = await transport.send(mail)
      expect(result.kind).toBe('accepted')
      const received = await world.received()
      expect(received.map(({ to }) => to)).toEqual([[mail.envelope.to]])
      expect(received[0]?.from ?? mail.envelope.from).toBe(mail.envelope.from)
      expect(Buffer.from(received[0]?.raw ?? []).equals(mail.raw)).toBe(true)
    })

    const awkward: readonly [string, string][] = [
      ['lines that begin with dots', '.\r\n..\r\n.hidden\r\n\r\n.\r\n.\r\nend\r\n'],
      ['a line of 998 octets', `${'x'.repeat(998)}\r\n.${'y'.repeat(997)}\r\n`],
      ['what looks like the end and like commands', 'QUIT\r\nMAIL FROM:<a@b.example>\r\n. \r\n .\r\nDATA\r\n'],
      ['a megabyte', '0123456789abcdef0123456789abcdef0123456789abcdef0123456789\r\n.\r\n'.repeat(16_000)],
    ]
    for (const [name, body] of awkward) {
      scene(`hands over ${name} unchanged`, ['accept'], async ({ transport, ...world }) => {
        const mail = someMail('m1')
        const head = Buffer.from(mail.raw).toString('latin1').split('\r\n\r\n')[0]?.replace('base64', '7bit')
        const raw = Buffer.from(`${head}\r\n\r\n${body}`)
        expect((await transport.send({ ...mail, raw })).kind).toBe('accepted')
        const received = await world.received()
        expect(received.length).toBe(1)
        expect(Buffer.from(received[0]?.raw ?? []).equals(raw)).toBe(true)
      })
    }

    scene('sends mail after mail', ['accept'], async ({ transport, ...world }) => {
      for (const id of ['m1', 'm2', 'm3', 'm4']) expect((await transport.send(someMail(id))).kind).toBe('accepted')
      expect((await world.received()).map(({ to }) => to[0])).toEqual(
        ['m1', 'm2', 'm3', 'm4'].map((id) => `${id}@recipient.example`),
      )
    })
  })
}
