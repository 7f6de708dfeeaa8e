import { expect, test } from 'vitest'
import { loadDriver } from './load-driver.ts'

test('an old Node is told to be updated, before the driver could end the process', () => {
  expect(() => loadDriver('20.18.1')).toThrow('needs Node 22 or later, and this is Node 20.18.1')
})

test('a Node of today gets the driver', () => {
  const Driver = loadDriver()
  const database = new Driver(':memory:')
  expect(database.open).toBe(true)
  database.close()
})
