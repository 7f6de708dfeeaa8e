import { day, hour, minute } from '../../../src/domain/time/instant.ts'
import { first, model, pros, recentBuyers, second, third } from '../../club.ts'
import type { Scene } from '../scene.ts'
import { allJoin, buys, joins, signsUp } from './people.ts'

/** One is in the segment before it is watched, one comes in, goes and comes again, one leaves another segment by time alone. */
const segments: Scene = {
  name: 'starting by a segment that is watched from then on',
  releases: [
    { scenarios: [] },
    {
      scenarios: [
        model.scenario('pros', {
          version: 1,
          enterOn: { segment: pros },
          reentry: 'after-exit',
          steps: ({ send }) => [send('welcome', first)],
        }),
        model.scenario('lapsed', {
          version: 1,
          enterOn: { segment: recentBuyers, on: 'exit' },
          steps: ({ send }) => [send('back', second)],
        }),
      ],
    },
  ],
  acts: [
    { at: 0, run: (mail) => signsUp(mail, 'a', { plan: 'pro' }) },
    { at: 0, run: (mail) => signsUp(mail, 'b', { plan: 'free' }) },
    { at: hour, release: 1 },
    { at: 2 * hour, run: (mail) => mail.contacts.identify('b', { attributes: { plan: 'pro' } }) },
    { at: 3 * hour, run: (mail) => mail.contacts.identify('b', { attributes: { plan: 'free' } }) },
    { at: 4 * hour, run: (mail) => buys(mail, 'a') },
    { at: 5 * hour, run: (mail) => mail.contacts.identify('b', { attributes: { plan: 'pro' } }) },
  ],
  until: 32 * day,
  contactIds: ['a', 'b'],
}

const dates: Scene = {
  name: 'starting by a date, which changes',
  releases: [
    {
      scenarios: [
        model.scenario('renewal', {
          version: 1,
          enterOn: { date: 'renewsOn', days: -1, at: '09:00' },
          steps: ({ send, wait }) => [
            send('soon', first),
            wait('the-day', { days: 0, at: '12:00' }, { from: { attribute: 'renewsOn' } }),
            send('today', second),
          ],
        }),
      ],
    },
  ],
  acts: [
    { at: 0, run: (mail) => signsUp(mail, 'a', { renewsOn: '2026-01-07' }) },
    { at: 0, run: (mail) => signsUp(mail, 'b', { renewsOn: '2026-01-07' }) },
    { at: 12 * hour, run: (mail) => mail.contacts.identify('b', { attributes: { renewsOn: '2026-01-09' } }) },
    { at: day + 12 * hour, run: (mail) => mail.contacts.identify('a', { attributes: { renewsOn: '2026-01-08' } }) },
  ],
  until: 5 * day,
  contactIds: ['a', 'b'],
}

const course = (version = 1) =>
  model.scenario('course', {
    version,
    enterOn: 'joined',
    exitOn: 'bought',
    steps: ({ send, wait }) => [send('hello', first), wait('rest', '1 day'), send('more', second)],
  })

/** Who joined before the scenario was there is entered one a minute, but for one who has left since. */
const backfill: Scene = {
  name: 'a backfill with a rate, and a pause in it',
  releases: [{ scenarios: [] }, { scenarios: [course()] }],
  acts: [
    allJoin('a', 'b', 'c'),
    { at: 30 * minute, run: (mail) => buys(mail, 'b') },
    { at: hour, release: 1 },
    {
      at: 2 * hour,
      run: async (mail) => {
        const { jobs } = (await mail.scenarios.get('course')) ?? { jobs: [] }
        if (jobs.length === 0) await mail.scenarios.backfill('course', { perHour: 60 })
      },
    },
    { at: 2 * hour + 30_000, run: (mail) => mail.scenarios.pause('course') },
    { at: 2 * hour + 14 * minute, run: (mail) => mail.scenarios.resume('course') },
  ],
  until: 2 * day,
  contactIds: ['a', 'b', 'c'],
}

/** A call that fails once, and one that always does; the mail after it is sent again where nobody knows. */
const calls: Scene = {
  name: 'calls to the app',
  releases: [
    {
      scenarios: [
        model.scenario('told', {
          version: 1,
          enterOn: 'joined',
          steps: ({ call, send, end }) => [
            call('tell', 'tell', {}, { attempts: 2, failed: [send('sorry', second), end('over')] }),
            send(
              'done',
              model.template('done', {
                purpose: 'transactional',
                subject: ({ line }) => line`done`,
                body: ({ text }) => text`本文`,
              }),
            ),
            call('note', 'note', {}, { wait: false }),
          ],
        }),
      ],
      handlers: {
        tell: ({ contactId, attempt }) => {
          if (contactId === 'b' || attempt === 1) throw new Error('not now')
        },
        note: () => {},
      },
    },
  ],
  acts: [allJoin('a', 'b')],
  until: day,
  contactIds: ['a', 'b'],
  says: ['call.gaveUp'],
}

export const starting: readonly Scene[] = [segments, dates, backfill, calls]
export { joins, third }
