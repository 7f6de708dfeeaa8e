import { transportSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { sesWorld } from './ses-world.ts'

const byEvent = 'SES takes every recipient and reports a refusal later, by an event'
const overHttp = 'HTTP does not say how much of an unanswered request the server had read'

describe('against aws-ses-v2-local', () => {
  transportSuite({
    describe,
    it,
    expect,
    create: (options) => sesWorld(options),
    cannot: {
      'reject-recipient': byEvent,
      'defer-recipient': byEvent,
      'drop-before': overHttp,
      'stall-before': overHttp,
    },
  })
})
