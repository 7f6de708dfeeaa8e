import type { Deed, Told } from '../deed.ts'
import type { SeenMessage } from '../world/sighting.ts'
import { pause, publish, resume, startAgain, stop } from './life.ts'
import { erase, merge } from './people.ts'
import { type Changes, enrol, identify, say, track } from './reference.ts'
import { append, coursesOf, type Knowledge } from './standing.ts'
import type { PlannedMail } from './state.ts'

/** Finds the mail of the reference that a message is. */
export type FindMail = (message: SeenMessage) => PlannedMail | null

const changesOf = ({ email, zone, attributes, grants }: Extract<Deed, { do: 'identify' }>, now: number): Changes => ({
  attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)),
  ...(email === undefined ? {} : { address: email }),
  ...(zone === undefined ? {} : { zone }),
  ...(grants ? { said: [{ kind: 'grant', topic: null, at: now }] } : {}),
})

const doIdentify = (known: Knowledge, deed: Extract<Deed, { do: 'identify' }>): string | null => {
  const { renewsOn } = deed.attributes
  const waits = coursesOf(known, deed.id).some(({ stop }) => stop?.from === 'attribute' && stop.value !== renewsOn)
  if (renewsOn !== undefined && waits) known.sometimes('date changed while waiting')
  return identify(known, deed.id, changesOf(deed, known.now))
}

const doTell = (known: Knowledge, { contact, event, n, id, occurredAt }: Told): null =>
  track(known, contact, { name: event, id, payload: { n }, occurredAt })

/** It is looked at again only where it makes a difference. */
const doRead = (known: Knowledge, { message }: Extract<Deed, { do: 'read' }>, findMail: FindMail): null => {
  const mail = findMail(message)
  if (mail !== null) mail.openedAt ??= known.now
  append(known, message.contactId, { kind: 'look', occurredAt: known.now, starts: true })
  return null
}

/** What a deed does by the rules. Answers the code of the refusal that it must meet with, or null. */
export const applyDeed = (known: Knowledge, deed: Deed, findMail: FindMail): string | null => {
  switch (deed.do) {
    case 'identify':
      return doIdentify(known, deed)
    case 'track':
      return doTell(known, deed)
    case 'tell again':
      for (const told of deed.events) doTell(known, told)
      if (deed.events.length > 0) known.sometimes('told again')
      return null
    case 'pause and resume':
      known.sometimes('paused and resumed at once')
      return null
    case 'enrol': {
      const { contact, scenario, at, payload } = deed
      return enrol(known, contact, { scenario, at, payload: payload ?? {}, key: deed.key ?? 'once' })
    }
    case 'publish':
      return publish(known, deed.scenario.definition, deed.by)
    case 'pause':
      return pause(known, deed.scenario)
    case 'resume':
      return resume(known, deed.scenario, deed.missed)
    case 'stop':
      return stop(known, deed.scenario, deed.inFlight)
    case 'start again':
      return startAgain(known, deed.scenario)
    case 'merge':
      return merge(known, deed.from, deed.into)
    case 'erase':
      return erase(known, deed.id)
    case 'withdraw':
    case 'grant':
      return say(known, deed.id, deed.do, deed.topic)
    case 'unsubscribe':
      return say(known, deed.message.contactId, 'withdraw', deed.message.topic)
    case 'read':
      return doRead(known, deed, findMail)
    default:
      return null
  }
}
