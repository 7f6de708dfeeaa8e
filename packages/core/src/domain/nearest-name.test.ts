import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'
import { tellValue } from './tell-value.ts'

test.each([
  ['quietHour', 'quietHours'],
  ['timezone', 'timeZone'],
  ['cap', 'caps'],
  ['wndow', 'window'],
  ['colour', null],
  ['', null],
])('%j probably means %j', (name, meant) => {
  expect(nearestName(name, ['window', 'quietHours', 'timeZone', 'caps'])).toBe(meant)
})

test('what was given is told by its kind where it may be private or long', () => {
  expect(['weekly', 'a@example.test', 'x'.repeat(41), 1.5, null, undefined, [], {}, () => {}].map(tellValue)).toEqual([
    '"weekly"',
    'a text',
    'a text',
    '1.5',
    'null',
    'nothing',
    'a list',
    'an object',
    'a function',
  ])
})
