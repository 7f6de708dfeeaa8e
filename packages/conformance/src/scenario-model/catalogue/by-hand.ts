import { mail, model, pros } from '../vocabulary.ts'
import type { Shape } from './shape.ts'

const followUp = mail('follow-up')
const onMonday = mail('on-monday')

/** No trigger: by hand or from another scenario, again after leaving; a segment that ends it; open days and weekdays. */
export const follow: Shape = {
  name: 'follow',
  lastStep: 'on-monday',
  isAlone: true,
  press: ({ version, edition, inFlight, draft = false }) =>
    model.scenario('follow', {
      version,
      reentry: 'after-exit',
      exitWhen: pros,
      window: edition === 'a' ? { days: 'weekdays', from: '08:00', to: '18:00' } : { from: '18:00', to: '02:00' },
      inFlight,
      draft,
      steps: ({ send, wait }) => [
        wait('open-day', { businessDays: 1, at: '09:00' }),
        send('follow-up', followUp),
        wait('monday', { weekday: 'monday', at: '09:30' }, edition === 'a' ? {} : { from: 'entry', past: 'exit' }),
        send('on-monday', onMonday),
      ],
    }),
}
