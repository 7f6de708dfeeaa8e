import { checkDefinitionAgainst } from '../../define/index.ts'
import type { DefinitionProblem } from '../../domain/scenario/parse-scenario.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Refuses a definition that this process could not run: templates, handlers, events and attributes that it names have to be there.
 * Throws `template.unknown`, `handler.unknown`, `scenario.invalid`.
 */
export const checkUsable = (
  { model, templates, handlers }: Pick<Runtime, 'model' | 'templates' | 'handlers'>,
  definition: ScenarioDefinition,
): void => {
  const { name } = definition
  for (const step of Object.values(definition.steps)) {
    if (step.kind === 'send' && !templates.has(step.template))
      throw new TobiishiError(
        'template.unknown',
        `Step '${step.id}' of scenario '${name}' sends '${step.template}', which is not among the templates: give it to createTobiishi.`,
      )
    if (step.kind === 'call' && !handlers.has(step.handler))
      throw new TobiishiError(
        'handler.unknown',
        `Step '${step.id}' of scenario '${name}' calls '${step.handler}', which is not among the handlers: give it to createTobiishi.`,
      )
  }
  const problems = checkDefinitionAgainst(definition, {
    model,
    templates: [...templates.values()],
    handlers: [...handlers.keys()],
  })
  if (problems.length > 0) throw invalid(name, problems)
}

/** All that is wrong with a scenario, each with its path. */
export const invalid = (name: string, found: readonly DefinitionProblem[]): TobiishiError => {
  const problems = found.map(({ path, problem }) => (path === '' ? `It ${problem}` : `${path}: ${problem}`))
  return new TobiishiError('scenario.invalid', `Scenario '${name}' is wrong. ${problems.join(' ')}`, { details: { problems } })
}
