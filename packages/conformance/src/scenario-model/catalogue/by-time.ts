import { customers, mail, model, notice, pros, recent } from '../vocabulary.ts'
import type { Shape } from './shape.ts'

const congratulations = notice('congratulations')
const tour = mail('tour')

/** Into a segment, again after leaving. Whoever waits in one edition may have a mail that the other one sends later. */
export const insider: Shape = {
  name: 'insider',
  lastStep: 'tour',
  isAlone: true,
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('insider', {
      version,
      enterOn: { segment: pros },
      reentry: 'after-exit',
      exitOn: 'cancelled',
      priority: 5,
      inFlight,
      draft,
      steps: ({ send, wait }) =>
        edition === 'a'
          ? [send('congratulations', congratulations), wait('pause', '1 day'), send('tour', tour)]
          : [wait('pause', { days: 1, at: '09:00' }), send('congratulations', congratulations), send('tour', tour)],
    }),
}

const card = mail('card', 'news')

/** Into a segment that another scenario's `update` brings people to. */
export const club: Shape = {
  name: 'club',
  lastStep: 'card',
  isAlone: true,
  press: ({ version, inFlight, draft = false }) =>
    model.scenario('club', {
      version,
      enterOn: { segment: customers },
      priority: 4,
      inFlight,
      draft,
      steps: ({ send }) => [send('card', card)],
    }),
}

const comeBack = mail('come-back', 'news')

/** Out of a segment that time alone empties; the goal is the segment. */
export const idle: Shape = {
  name: 'idle',
  lastStep: 'come-back',
  isAlone: false,
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('idle', {
      version,
      enterOn: { segment: recent, on: 'exit' },
      reentry: 'every-event',
      goal: { segment: recent },
      priority: 6,
      inFlight,
      draft,
      steps: ({ send, wait }) => [wait('a-while', edition === 'a' ? '12 hours' : '18 hours'), send('come-back', comeBack)],
    }),
}

const dueSoon = notice('due-soon')
const lastCall = mail('last-call')
const renewed = mail('renewed')

/** A date of the contact, and waits that count from it: before, after, past. */
export const renewal: Shape = {
  name: 'renewal',
  lastStep: 'renewed',
  isAlone: false,
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('renewal', {
      version,
      enterOn: { date: 'renewsOn', days: -2, at: '09:00' },
      exitOn: 'cancelled',
      // No mail of it waits in the queue, so none is taken back when the date changes: the reference does not know how.
      minGap: '0 hours',
      priority: 7,
      inFlight,
      draft,
      steps: ({ send, wait }) => [
        send('due-soon', dueSoon),
        wait('before', { days: -1, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
        send('last-call', lastCall),
        wait('after', { days: 1, at: '11:00' }, { from: { attribute: 'renewsOn' }, past: edition === 'a' ? 'exit' : 'skip' }),
        send('renewed', renewed),
      ],
    }),
}
