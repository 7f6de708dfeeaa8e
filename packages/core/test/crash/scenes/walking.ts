import { day, hour, minute } from '../../../src/domain/time/instant.ts'
import { first, model, pros, second, third } from '../../club.ts'
import { accepted, busy } from '../../delivery/scripted-transport.ts'
import type { Scene } from '../scene.ts'
import { allJoin, buys, joins, signsUp } from './people.ts'

/** Entered by an event, mail, a wait, mail; one leaves by an event while it waits. The other's first mail is put off by the server once. */
const leaving: Scene = {
  name: 'send, wait, send, and an exit',
  releases: [
    {
      scenarios: [
        model.scenario('course', {
          version: 1,
          enterOn: 'joined',
          exitOn: 'bought',
          window: { from: '09:00', to: '20:00' },
          steps: ({ send, wait }) => [send('hello', first), wait('rest', { days: 2, at: '10:00' }), send('more', second)],
        }),
      ],
    },
  ],
  acts: [allJoin('a', 'b'), { at: day, run: (mail) => buys(mail, 'b') }],
  until: 3 * day,
  contactIds: ['a', 'b'],
  opens: { from: 9, to: 20 },
  answer: ({ envelope }, nth) => (envelope.to.startsWith('a@') && nth === 0 ? busy : accepted),
  says: ['delivery.postponed', 'delivery.gaveUp'],
}

/** One has done it before coming to the wait, one does it there, one never. */
const waitingFor: Scene = {
  name: 'waiting for an event that came before, comes after, or never',
  releases: [
    {
      scenarios: [
        model.scenario('wait', {
          version: 1,
          enterOn: 'joined',
          steps: ({ wait, waitFor, send }) => [
            wait('rest', '2 hours'),
            waitFor('buys', {
              for: [{ event: 'bought', steps: [send('thanks', first)] }],
              timeout: { after: '1 day', steps: [send('nudge', second)] },
            }),
          ],
        }),
      ],
    },
  ],
  acts: [allJoin('a', 'b', 'c'), { at: hour, run: (mail) => buys(mail, 'a') }, { at: 5 * hour, run: (mail) => buys(mail, 'b') }],
  until: 2 * day,
  contactIds: ['a', 'b', 'c'],
}

/** Each mail waits for the morning when one date is moved and one cleared, in the evening. */
const dated: Scene = {
  name: 'dates that change under queued mail',
  releases: [
    {
      scenarios: [
        model.scenario('renewal', {
          version: 1,
          enterOn: 'joined',
          window: { from: '09:00', to: '20:00' },
          steps: ({ wait, send }) => [
            wait('week', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
            send('reminder', first),
          ],
        }),
      ],
    },
  ],
  acts: [
    {
      at: 0,
      run: async (mail) => {
        for (const id of ['a', 'b', 'c']) {
          await signsUp(mail, id, { renewsOn: '2026-01-13' })
          await joins(mail, id)
        }
      },
    },
    { at: 36 * hour, run: (mail) => mail.contacts.identify('a', { attributes: { renewsOn: '2026-01-14' } }) },
    { at: 36 * hour, run: (mail) => mail.contacts.identify('b', { attributes: { renewsOn: null } }) },
  ],
  until: 3 * day + 2 * hour,
  contactIds: ['a', 'b', 'c'],
  opens: { from: 9, to: 20 },
}

const updating: Scene = {
  name: 'an update and a branch on it',
  releases: [
    {
      scenarios: [
        model.scenario('tagging', {
          version: 1,
          enterOn: 'joined',
          steps: ({ update, branch, send }) => [
            update('tag', { set: { plan: 'pro' }, add: { tags: ['new'] } }),
            branch('is-pro', pros, { yes: [send('pro', first)], no: [send('free', second)] }),
            update('untag', { remove: { tags: ['new'] } }),
          ],
        }),
        model.scenario('watching', {
          version: 1,
          enterOn: 'joined',
          exitWhen: pros,
          steps: ({ wait, send }) => [wait('rest', '5 days'), send('late', third)],
        }),
      ],
    },
  ],
  acts: [
    {
      at: 0,
      run: async (mail) => {
        await signsUp(mail, 'a', { tags: ['old'] })
        await joins(mail, 'a')
      },
    },
  ],
  until: 6 * day,
  contactIds: ['a'],
}

/** Each leads to the other for ever. */
const chain = (name: string, next: string) =>
  model.scenario(name, {
    version: 1,
    ...(name === 'ping' ? { enterOn: 'joined' as const } : {}),
    reentry: 'every-event',
    steps: ({ goTo }) => [goTo('on', next)],
  })

const goingOn: Scene = {
  name: 'going to another scenario',
  releases: [
    {
      scenarios: [
        model.scenario('before', {
          version: 1,
          enterOn: 'joined',
          steps: ({ send, goTo }) => [send('hello', first), goTo('on', 'after')],
        }),
        model.scenario('after', {
          version: 1,
          exitOn: 'bought',
          steps: ({ wait, send }) => [wait('rest', '1 day'), send('more', second)],
        }),
      ],
    },
  ],
  acts: [allJoin('a')],
  until: 2 * day,
  contactIds: ['a'],
}

const goingRound: Scene = {
  name: 'a chain of scenarios without an end',
  releases: [{ scenarios: [chain('ping', 'pong'), chain('pong', 'ping')] }],
  acts: [allJoin('a')],
  until: 10 * minute,
  contactIds: ['a'],
  says: ['scenario.chainTooDeep'],
}

/** One in each arm, and one in the holdout. */
const splitting: Scene = {
  name: 'a split with a holdout',
  releases: [
    {
      scenarios: [
        model.scenario('test', {
          version: 1,
          enterOn: 'joined',
          steps: ({ split, wait, send }) => [
            split('ab', {
              experiment: 'subject',
              arms: { a: { weight: 1, steps: [send('one', first)] }, b: { weight: 1, steps: [send('other', second)] } },
              holdout: 1,
            }),
            wait('rest', '1 day'),
            send('all', third),
          ],
        }),
      ],
    },
  ],
  acts: [allJoin('c_1', 'c_2', 'c_5')],
  until: 2 * day,
  contactIds: ['c_1', 'c_2', 'c_5'],
}

/** The same where a second worker has to wait for the lease of the first. */
const alone: Scene = { ...leaving, name: 'send, wait, send, where one worker works at a time', isSingleWorker: true }

export const walking: readonly Scene[] = [dated, leaving, alone, waitingFor, updating, goingOn, goingRound, splitting]
