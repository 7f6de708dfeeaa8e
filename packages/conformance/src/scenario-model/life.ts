import fc from 'fast-check'
import { type Command, type Setup, tellCommand } from './command.ts'
import { commands, setups } from './command-arbitrary.ts'

/** A setup and what happens in it: plain data that a test can hold. */
export interface Life {
  readonly setup: Setup
  readonly commands: readonly Command[]
}

export const lives: fc.Arbitrary<Life> = fc.noBias(
  fc.record({ setup: setups, commands: fc.array(commands, { minLength: 1, maxLength: 80, size: 'max' }) }),
)

/** One line a command, as code. */
export const tellLife = ({ setup, commands: list }: Life): string => [JSON.stringify(setup), ...list.map(tellCommand)].join('\n')
