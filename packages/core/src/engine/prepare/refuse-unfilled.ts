import { readableFormats, upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, ScenarioVersionRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { unfilledProps } from './unfilled-props.ts'

type Reader = Pick<StorageReader, 'scenarios' | 'enrolments'>

/**
 * Texts are resolved live, so a template that asks for more than before must not meet a version that cannot give it: refused where
 * that version gets new enrolments, or still has contacts in it. Throws `template.invalid`.
 */
export function* refuseUnfilled(reader: Reader, templates: Runtime['templates']): Step<void> {
  const versions = yield* liveVersions(reader)
  for (const { scenario, version, definition } of versions) {
    const [first] = unfilledProps(upgradeDefinition(definition), templates)
    if (first === undefined) continue
    const { step, template, props } = first
    throw new TobiishiError(
      'template.invalid',
      `Template '${template}' asks for ${props.map((prop) => `'${prop}'`).join(', ')}, which step '${step}' of scenario '${scenario}', version ` +
        `${version}, does not give, and contacts are in that version. Make it optional, or give the new text a template of its own.`,
      { details: { template, props, scenario, version, step } },
    )
  }
}

/** Versions that send, or may send, mail: the current ones of open scenarios, and all with active enrolments. */
function* liveVersions(reader: Reader): Step<readonly ScenarioVersionRow[]> {
  const keys: { scenario: string; version: number }[] = []
  for (const row of yield* reader.scenarios.all())
    for (const version of yield* liveOf(reader, row)) keys.push({ scenario: row.name, version })
  if (keys.length === 0) return []
  return (yield* reader.scenarios.versions(keys)).filter(({ format }) => readableFormats.includes(format))
}

/** Counted only where somebody is in another version than the current one. */
function* liveOf(reader: Reader, { name, version, state }: ScenarioRow): Step<readonly number[]> {
  if (state === 'draft' || state === 'archived') return []
  const isOpen = state === 'active' || state === 'paused'
  const others = yield* reader.enrolments.page({ scenario: name, exceptVersion: version, after: null, limit: 1 })
  if (isOpen && others.length === 0) return [version]
  const active = (yield* reader.enrolments.countByStep(name)).filter((group) => group.state === 'active')
  return [...new Set([...(isOpen ? [version] : []), ...active.map((group) => group.version)])]
}
