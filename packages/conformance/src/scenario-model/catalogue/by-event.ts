import { mail, model, notice, pros } from '../vocabulary.ts'
import type { Shape } from './shape.ts'

const hello = mail('hello')
const forPros = mail('for-pros', 'news')
const forFree = mail('for-free', 'news')
const bye = mail('bye')

/** Once; a window; waits by the calendar; a branch on an attribute; an exit. The second edition lacks the branch and one mail. */
export const welcome: Shape = {
  name: 'welcome',
  lastStep: 'bye',
  isAlone: true,
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('welcome', {
      version,
      enterOn: 'signed',
      exitOn: 'cancelled',
      window: { from: '09:00', to: '20:00' },
      priority: 3,
      inFlight,
      draft,
      ...(inFlight === 'migrate' ? { successors: edition === 'a' ? { break: 'rest' } : { rest: 'break' } } : {}),
      steps: ({ send, wait, branch }) =>
        edition === 'a'
          ? [
              send('hello', hello),
              wait('settle', { days: 1, at: '10:00' }),
              branch('plan', pros, { yes: [send('for-pros', forPros)], no: [send('for-free', forFree)] }),
              wait('rest', { days: 2 }),
              send('bye', bye),
            ]
          : [
              send('hello', hello),
              wait('settle', { days: 2, at: '11:00' }),
              send('for-free', forFree),
              wait('break', '36 hours'),
              send('bye', bye),
            ],
    }),
}

const reminder = mail('reminder', 'news')
const thanks = notice('thanks')
const offer = mail('offer', 'news')
const last = mail('last', 'news')

/** Every event; a goal with a condition; a wait for an event, a segment or an opened mail, else a time-out. */
export const basket: Shape = {
  name: 'basket',
  lastStep: 'last',
  isAlone: false,
  event: { n: 10 },
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('basket', {
      version,
      enterOn: { event: 'viewed', where: (viewed) => viewed('n', '>=', 10) },
      reentry: 'every-event',
      goal: { event: 'bought', where: (bought) => bought('n', '>=', 100) },
      minGap: '0 hours',
      priority: 2,
      inFlight,
      draft,
      steps: ({ send, wait, waitFor, opened }) => [
        wait('an-hour', '1 hour'),
        send('reminder', reminder),
        waitFor('answer', {
          for: [
            { event: 'bought', steps: [send('thanks', thanks)] },
            { mail: opened('reminder'), steps: edition === 'a' ? [send('offer', offer)] : [] },
            { segment: pros },
          ],
          since: edition === 'a' ? 'entry' : 'previous',
          timeout: { after: edition === 'a' ? '1 day' : { days: 2, at: '12:00' }, steps: [send('last', last)] },
        }),
      ],
    }),
}

const review = mail('review')
const ask = mail('ask')
const sorry = notice('sorry')

/** Cooling down, long enough that no two of a contact end and lead on at one instant; changes attributes; calls the app; a split with a holdout; leads on to another scenario. */
export const afterSale: Shape = {
  name: 'after-sale',
  lastStep: 'ask',
  needs: ['follow'],
  isAlone: false,
  event: { n: 5 },
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('after-sale', {
      version,
      enterOn: 'bought',
      reentry: { cooldown: '24 hours' },
      exitOn: 'cancelled',
      priority: 1,
      inFlight,
      draft,
      steps: ({ send, wait, update, call, split, goTo, event }) => [
        update('mark', { set: { stage: 'customer' }, add: { tags: ['buyer'] } }),
        call('tell', 'crm', { n: event.n }, { attempts: 2, timeout: '5 seconds', failed: [send('sorry', sorry)] }),
        wait('a-day', { days: 1, at: edition === 'a' ? '10:00' : '15:00' }),
        split('share', {
          arms: {
            one: { weight: 1, steps: [send('review', review)] },
            two: { weight: edition === 'a' ? 1 : 30, steps: [wait('more', { days: 1, at: '10:00' }), send('ask', ask)] },
          },
          holdout: 1,
        }),
        goTo('on', 'follow', { n: event.n }),
      ],
    }),
}
