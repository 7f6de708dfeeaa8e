import { TobiishiError } from '../../errors/index.ts'
import type { Runtime } from '../runtime.ts'

/** Refuses scenarios that lead to one that is neither declared nor stored. Throws `scenario.unknown`. */
export const checkTargets = async ({ scenarios, storage }: Runtime): Promise<void> => {
  const led = [...scenarios.values()].flatMap(({ definition: { name, steps } }) =>
    Object.values(steps).flatMap((step) => (step.kind === 'go-to' ? [{ name, step: step.id, target: step.scenario }] : [])),
  )
  const undeclared = led.filter(({ target }) => !scenarios.has(target))
  if (undeclared.length === 0) return
  const stored = new Set((await storage.read((reader) => reader.scenarios.all())).map(({ name }) => name))
  const astray = undeclared.find(({ target }) => !stored.has(target))
  if (astray !== undefined)
    throw new TobiishiError(
      'scenario.unknown',
      `Step '${astray.step}' of scenario '${astray.name}' goes to '${astray.target}', which is neither declared nor stored: ` +
        'give it to createTobiishi, save it, or correct the name.',
    )
}
