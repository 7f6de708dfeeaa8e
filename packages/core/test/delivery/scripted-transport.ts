import type { OutgoingMail, Transport, TransportResult } from '../../src/ports/transport.ts'

/** What the other side does with a mail; `hang` never answers until `answer` is called. */
export type Script = TransportResult | 'hang' | 'throw'

export const accepted: TransportResult = { kind: 'accepted', providerId: 'p1', answer: { code: '250', text: 'queued' } }
export const userUnknown: TransportResult = {
  kind: 'rejected',
  bounceClass: 'hard-unknown-user',
  answer: { code: '550', enhancedCode: '5.1.1' },
}
export const mailboxFull: TransportResult = { kind: 'rejected', bounceClass: 'mailbox-full', answer: { code: '552' } }
export const busy: TransportResult = { kind: 'transient', answer: { code: '451' } }
export const unreachable: TransportResult = { kind: 'transient', answer: { text: 'connection refused' } }
export const brokeAfterDot: TransportResult = { kind: 'ambiguous', answer: { text: 'connection lost' } }

/** A transport whose other side follows a script, and that remembers every call. */
export interface ScriptedTransport extends Transport {
  readonly calls: OutgoingMail[]
  /** Most calls that were ever under way at once. */
  readonly peak: () => number
  /** Ends all hanging calls. */
  readonly answer: (result: TransportResult) => void
  /** Resolves once `count` calls were made in all. */
  readonly called: (count: number) => Promise<void>
}

export const scriptedTransport = (
  script: (mail: OutgoingMail, nth: number) => Script | Promise<Script> = () => accepted,
  concurrency = 4,
): ScriptedTransport => {
  const calls: OutgoingMail[] = []
  let hanging: ((result: TransportResult) => void)[] = []
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  let underWay = 0
  let peak = 0
  const send = async (mail: OutgoingMail): Promise<TransportResult> => {
    calls.push(mail)
    underWay += 1
    peak = Math.max(peak, underWay)
    for (const { count, resolve } of waiting) if (calls.length >= count) setImmediate(resolve)
    try {
      const said = await script(mail, calls.length)
      if (said === 'throw') throw new Error('a transport that breaks its promise')
      return said === 'hang' ? await new Promise((resolve) => hanging.push(resolve)) : said
    } finally {
      underWay -= 1
    }
  }
  return {
    name: 'scripted',
    concurrency,
    maxCallMs: 60_000,
    calls,
    peak: () => peak,
    send,
    answer: (result) => {
      for (const resolve of hanging.splice(0)) resolve(result)
    },
    called: (count) =>
      new Promise((resolve) => {
        if (calls.length >= count) resolve()
        else waiting = [...waiting, { count, resolve }]
      }),
    verify: async () => {},
    close: async () => {
      hanging = []
    },
  }
}
