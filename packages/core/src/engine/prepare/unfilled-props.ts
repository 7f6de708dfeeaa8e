import * as z from 'zod'
import type { DeclaredTemplate } from '../../define/declared.ts'
import type { ScenarioDefinition, SendStep } from '../../domain/scenario/scenario-definition.ts'

/** A send whose template asks for what the step does not give. */
export interface Unfilled {
  readonly step: string
  readonly template: string
  readonly props: readonly string[]
}

/**
 * The sends of a definition that its templates, as they are now, cannot be rendered for: a prop that is asked for is missing, or
 * has a constant that no longer fits. Defaults count as missing, because they are filled in when a version is made, not later.
 * Templates that this process does not have are left out.
 */
export const unfilledProps = (
  { steps }: Pick<ScenarioDefinition, 'steps'>,
  templates: ReadonlyMap<string, DeclaredTemplate>,
): readonly Unfilled[] =>
  Object.values(steps).flatMap((step) => {
    const template = step.kind === 'send' ? templates.get(step.template) : undefined
    if (step.kind !== 'send' || template === undefined) return []
    const props = unfilled(step, template)
    return props.length === 0 ? [] : [{ step: step.id, template: template.name, props }]
  })

const unfilled = ({ props }: SendStep, template: DeclaredTemplate): readonly string[] =>
  Object.entries(template.props?.shape ?? {}).flatMap(([name, schema]) => {
    const given = Object.hasOwn(props, name) ? props[name] : undefined
    if (given !== undefined && given.kind !== 'literal') return []
    const parsed = z.safeParse(schema, given?.value)
    const isFilled = parsed.success && (given !== undefined || parsed.data === undefined)
    return isFilled ? [] : [name]
  })
