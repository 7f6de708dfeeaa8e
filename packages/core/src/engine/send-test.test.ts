import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { addContacts, deliveryWorld, news } from '../../test/delivery/delivery-world.ts'
import { busy, scriptedTransport } from '../../test/delivery/scripted-transport.ts'
import { sendTest } from './send-test.ts'

describe('a test mail', () => {
  it('arrives at the given address as the contact would read it, and is counted nowhere', async () => {
    const world = await deliveryWorld()
    await addContacts(world, 1)
    await sendTest(world.runtime, news, 'c0', 'me@shop.example', { props: { product: 'A' } })
    const [mail] = world.transport.calls
    expect(mail?.envelope.to).toBe('me@shop.example')
    const parsed = await simpleParser(Buffer.from(mail?.raw ?? []))
    expect(parsed.subject).toBe('新着のお知らせ')
    expect(parsed.text).toContain('https://shop.example/new')
    const counts = await world.storage.read((reader) => reader.reports.counts({}))
    expect(counts).toMatchObject({ sent: 0, queued: 0 })
  })

  it('says when it could not be sent, for whom it is not, or what is wrong with it', async () => {
    const world = await deliveryWorld({ transport: scriptedTransport(() => busy) })
    await addContacts(world, 1)
    const send = (contactId: string, to: string, props = {}) => sendTest(world.runtime, news, contactId, to, { props })
    await expect(send('c0', 'me@shop.example')).rejects.toMatchObject({ code: 'transport.failed', isRetryable: true })
    await expect(send('who', 'me@shop.example')).rejects.toMatchObject({ code: 'contact.unknown' })
    await expect(send('c0', 'nobody')).rejects.toMatchObject({ code: 'contact.invalid_address' })
    await expect(send('c0', 'me@shop.example', { product: 1 })).rejects.toThrow('props.product')
  })
})
