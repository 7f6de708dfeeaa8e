import { minute } from '../../src/domain/time/instant.ts'
import type { Storage, StorageTransaction } from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'
import type { OutgoingMail, Transport, TransportResult } from '../../src/ports/transport.ts'
import type { Fate, Hazard } from './fate.ts'
import { type Notes, noting, type Witness } from './witness.ts'

class Broken extends Error {}

/** The work of a transaction, which ends in the middle where fate has it so. */
function* mortal<T>(work: Step<T>, hazard: Hazard, notes: Notes): Step<T> {
  let next = work.next()
  while (!next.done) {
    if (hazard.breaks('request')) throw new Broken()
    next = work.next(yield next.value)
  }
  if (notes.hasWritten && hazard.breaks('before commit')) throw new Broken()
  return next.value
}

/** What a process has around it, under a fate and under the eyes of a witness. */
export interface Surroundings {
  readonly storage: Storage
  readonly witness: Witness
  readonly fate: Fate
  /** Which process of the world it is. */
  readonly process: number
  readonly now: () => number
}

/** The storage as a process has it: a broken transaction is done again when the process goes on, if it ever does. */
export const storageUnderFate = ({ storage, witness, fate, process }: Surroundings): Storage => {
  const transaction = async <T>(work: (tx: StorageTransaction) => Step<T>): Promise<T> => {
    const hazard = fate.hazard()
    for (;;) {
      await fate.awake()
      hazard.begins()
      const notes: Notes = { process, facts: [], hasWritten: false }
      try {
        const result = await storage.transaction((tx) => mortal(work(noting(tx, notes)), hazard, notes))
        witness.facts.push(...notes.facts)
        if (notes.hasWritten) await fate.pass('after commit')
        return result
      } catch (error) {
        if (!(error instanceof Broken)) throw error
        hazard.broke()
      }
    }
  }
  return {
    ...storage,
    transaction,
    read: async (work) => {
      await fate.awake()
      const result = await storage.read(work)
      await fate.awake()
      return result
    },
    append: async (entries, options) => {
      await fate.pass('before append')
      await storage.append(entries, options)
      await fate.pass('after append')
    },
  }
}

/** The other side of SMTP: what it says to a mail that comes for the nth time, counted from 0. */
export type Answer = (mail: OutgoingMail, nth: number) => TransportResult

const indexOfMark = ({ facts }: Witness, process: number, messageId: string): number =>
  facts.findLastIndex((fact) => fact.kind === 'marked' && fact.process === process && fact.messageId === messageId)

/** Two calls at a time, so that the delivery loop never waits for a timer. */
export const transportUnderFate = ({ witness, fate, process, now }: Surroundings, answer: Answer): Transport => ({
  name: 'other-side',
  concurrency: 2,
  maxCallMs: minute,
  send: async (mail) => {
    const { messageId } = mail
    const startedAt = now()
    const markedAt = indexOfMark(witness, process, messageId)
    const mark = witness.facts[markedAt]
    const token = mark?.kind === 'marked' ? mark.token : null
    await fate.pass('before hand-over')
    const result = answer(mail, witness.handOvers.filter((other) => other.messageId === messageId).length)
    witness.handOvers.push({ messageId, to: mail.envelope.to, token, markedAt, startedAt, result })
    await fate.pass('after hand-over')
    return result
  },
  verify: async () => {},
  close: async () => {},
})
