import { day, hour, minute } from '../../../src/domain/time/instant.ts'
import type { FrequencyCap } from '../../../src/index.ts'
import { first, model, second, third } from '../../club.ts'
import { accepted, userUnknown } from '../../delivery/scripted-transport.ts'
import type { Scene } from '../scene.ts'
import { addressOf, allJoin, buys, joins, signsUp } from './people.ts'

const window = { from: '09:00', to: '20:00' } as const
const opens = { from: 9, to: 20 }

const course = model.scenario('course', {
  version: 1,
  enterOn: 'joined',
  exitOn: 'bought',
  steps: ({ send, wait }) => [send('hello', first), wait('rest', '1 day'), send('more', second)],
})
const told = model.scenario('told', {
  version: 1,
  enterOn: 'viewed',
  steps: ({ split, call, wait, send }) => [
    split('ab', { arms: { a: { weight: 1 }, b: { weight: 1 } } }),
    call('tell', 'tell'),
    wait('rest', '1 day'),
    send('note', third),
  ],
})

/** Both are in the course, and only the one that goes is told, by a call that has failed once by then. */
const merging: Scene = {
  name: 'merging two contacts',
  releases: [
    {
      scenarios: [course, told],
      handlers: {
        tell: ({ attempt }) => {
          if (attempt <= 3) throw new Error('not now')
        },
      },
    },
  ],
  acts: [
    allJoin('new', 'old'),
    { at: hour, run: (mail) => mail.track('old', 'viewed', { page: '/' }, { id: 'v' }) },
    {
      at: hour + 3 * minute,
      run: async (mail) => {
        if ((await mail.contacts.get('old')) !== null) await mail.contacts.merge('old', 'new')
      },
    },
  ],
  until: 3 * day,
  contactIds: ['new', 'old'],
}

const evening = model.scenario('evening', {
  version: 1,
  enterOn: 'joined',
  window,
  steps: ({ send, wait }) => [send('hello', first), wait('rest', '1 day'), send('more', second)],
})

const failing = () => {
  throw new Error('not now')
}

/** At ten in the evening its mail waits for the morning. */
const erasing: Scene = {
  name: 'erasing somebody whose mail is queued',
  releases: [{ scenarios: [evening, told], handlers: { tell: failing } }],
  acts: [
    {
      at: 12 * hour,
      run: async (mail) => {
        await signsUp(mail, 'a')
        await joins(mail, 'a')
        await mail.track('a', 'viewed', { page: '/' }, { id: 'v' })
      },
    },
    { at: 13 * hour, run: (mail) => mail.contacts.erase('a') },
  ],
  until: 2 * day,
  contactIds: ['a'],
  suppressed: addressOf('a'),
  opens,
}

const capped = (policy: NonNullable<FrequencyCap['policy']>): Scene => ({
  name: `mail above a cap, with ${policy}`,
  releases: [
    {
      scenarios: ['one', 'two'].map((name, index) =>
        model.scenario(name, {
          version: 1,
          enterOn: 'joined',
          priority: -index,
          minGap: '0 hours',
          steps: ({ send, wait }) => [
            send('hello', first, { sendWithin: '3 days' }),
            wait('rest', '2 days'),
            send('more', second, { sendWithin: '3 days' }),
          ],
        }),
      ),
      caps: [{ name: 'daily', per: 'day', limit: 1, policy }],
    },
  ],
  acts: [allJoin('a')],
  until: 8 * day,
  contactIds: ['a'],
})

const consent = { evidence: { source: 'test' } }

/** Says no while the first mail is being handed over: whether it goes out is a matter of who comes first. */
const leaving: Scene = {
  name: 'leaving while mail is under way',
  releases: [{ scenarios: [course] }],
  acts: [allJoin('a', 'b'), { at: minute, run: (mail) => mail.consent.withdraw('a', consent) }],
  until: 3 * day,
  contactIds: ['a', 'b'],
  isOpen: (subject, { snapshot }) =>
    subject === 'message course/a/once:1' && /sent|consent-withdrawn/.test(snapshot.get(subject) ?? ''),
}

/** Buys while the first mail is being handed over. */
const buying: Scene = {
  name: 'an exit while mail is under way',
  releases: [{ scenarios: [course] }],
  acts: [allJoin('a', 'b'), { at: minute, run: (mail) => buys(mail, 'a') }],
  until: 3 * day,
  contactIds: ['a', 'b'],
  isOpen: (subject, { snapshot }) => subject === 'message course/a/once:1' && /sent|exited/.test(snapshot.get(subject) ?? ''),
}

/** The address is none any more, and the scenario waits for just that. */
const bouncing: Scene = {
  name: 'waiting for what becomes of a mail',
  releases: [
    {
      scenarios: [
        model.scenario('asking', {
          version: 1,
          enterOn: 'joined',
          steps: ({ send, waitFor, update, bounced }) => [
            send('hello', first),
            waitFor('bounces', {
              for: [{ mail: bounced('hello'), steps: [update('gone', { add: { tags: ['gone'] } })] }],
              timeout: { after: '2 days', steps: [send('more', second)] },
            }),
          ],
        }),
      ],
    },
  ],
  acts: [allJoin('a', 'b')],
  until: 4 * day,
  contactIds: ['a', 'b'],
  answer: ({ envelope }) => (envelope.to.startsWith('a@') ? userUnknown : accepted),
  suppressed: addressOf('a'),
  /** What nobody knows of did not bounce; and a death between a refusal and what follows loses the suppression until the next. */
  isOpen: (subject, { isAmbiguous }) => subject === 'suppression' || (isAmbiguous && / a$|\/a\//.test(subject)),
}

export const lives: readonly Scene[] = [merging, erasing, capped('defer'), capped('advance'), leaving, buying, bouncing]
