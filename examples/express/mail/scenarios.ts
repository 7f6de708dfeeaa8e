import { model } from './model.ts'
import { welcome } from './templates.ts'

export const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'user.registered',
  exitOn: 'order.placed',
  steps: ({ send }) => [send('welcome', welcome)],
})
