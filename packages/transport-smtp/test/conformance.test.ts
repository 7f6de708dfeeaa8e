import { transportSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { smtpWorld } from './smtp-world.ts'

describe('against smtp-server, plain and pipelining', () => {
  transportSuite({
    describe,
    it,
    expect,
    create: (options) => smtpWorld({ ...options, secured: false }),
    cannot: { 'refuse-login': 'this server asks for no login' },
  })
})

describe('against smtp-server with STARTTLS and a login, one command at a time', () => {
  transportSuite({ describe, it, expect, create: (options) => smtpWorld({ ...options, secured: true }) })
})
