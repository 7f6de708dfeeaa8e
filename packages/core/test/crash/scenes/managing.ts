import { day, hour } from '../../../src/domain/time/instant.ts'
import { first, model, second, third } from '../../club.ts'
import type { Act, Scene } from '../scene.ts'
import { allJoin, joins, signsUp } from './people.ts'

const window = { from: '09:00', to: '20:00' } as const
const opens = { from: 9, to: 20 }

const courseOf = (version: number) =>
  model.scenario('course', {
    version,
    inFlight: 'migrate',
    enterOn: 'joined',
    window,
    minGap: '0 hours',
    steps: ({ send, wait }) => [
      send('hello', first),
      wait('rest', { days: 1, at: '10:00' }),
      send('more', second),
      wait('pause', { days: 1, at: '10:00' }),
      send('last', third),
    ],
  })

const course = courseOf(1)

/** One is at a wait by then, and of the other mail waits for the morning: it joins at ten in the evening. */
const beginning: readonly Act[] = [
  allJoin('a'),
  {
    at: 12 * hour,
    run: async (mail) => {
      await signsUp(mail, 'b')
      await joins(mail, 'b')
    },
  },
]

const pausing = (missed: 'continue' | 'skip' | 'shift'): Scene => ({
  name: `a pause that is resumed with ${missed}`,
  releases: [{ scenarios: [course] }],
  acts: [
    ...beginning,
    { at: 20 * hour, run: (mail) => mail.scenarios.pause('course') },
    { at: 2 * day + 2 * hour, run: (mail) => mail.scenarios.resume('course', { missed }) },
  ],
  until: 7 * day,
  contactIds: ['a', 'b'],
  opens,
})

const release = (name: string, inFlight: 'migrate' | 'exit'): Scene => ({
  name,
  releases: [
    { scenarios: [course] },
    {
      scenarios: [
        model.scenario('course', {
          version: 2,
          enterOn: 'joined',
          window,
          inFlight,
          minGap: '0 hours',
          ...(inFlight === 'migrate' ? { successors: { hello: 'rest', more: 'other', pause: 'other' } } : {}),
          steps: ({ send, wait }) => [wait('rest', { days: 2, at: '11:00' }), send('other', third)],
        }),
      ],
    },
  ],
  acts: [...beginning, { at: 20 * hour, release: 1 }],
  until: 6 * day,
  contactIds: ['a', 'b'],
  opens,
})

const stopping: Scene = {
  name: 'stopping a scenario with everybody out',
  releases: [{ scenarios: [course] }],
  acts: [
    ...beginning,
    {
      at: 20 * hour,
      run: async (mail) => {
        if ((await mail.scenarios.get('course'))?.state === 'active') await mail.scenarios.stop('course', { inFlight: 'exit' })
      },
    },
  ],
  until: 4 * day,
  contactIds: ['a', 'b'],
  opens,
}

/** Nothing happens to this one; and the same again under a new number, to which everybody is migrated. */
export const quiet: Scene = {
  name: 'a course that is left alone',
  releases: [{ scenarios: [course] }],
  acts: beginning,
  until: 6 * day,
  contactIds: ['a', 'b'],
  opens,
}
export const again = { scenarios: [courseOf(2)] }

export const managing: readonly Scene[] = [
  pausing('continue'),
  pausing('skip'),
  pausing('shift'),
  release('publishing with migrate', 'migrate'),
  release('publishing with exit', 'exit'),
  stopping,
]
