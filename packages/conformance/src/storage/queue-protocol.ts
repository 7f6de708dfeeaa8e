import fc from 'fast-check'
import type { Capability } from './capability.ts'
import { protocolCommand } from './protocol/command.ts'
import { ProtocolRun } from './protocol/protocol-run.ts'

export const queueProtocolCases: Capability = ({ test, expect, open, numRuns }) => {
  test('random commands: no mail is called twice, none after consent changed, none is lost', async () => {
    const commands = fc.array(protocolCommand, { minLength: 1, maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(commands, (all) =>
        open(async ({ storage, under }) => {
          const protocol = new ProtocolRun([storage, (await under.second?.()) ?? storage], expect)
          for (const command of all) await protocol.run(command)
          await protocol.drain()
        }),
      ),
      { numRuns },
    )
  }, 300_000)
}
