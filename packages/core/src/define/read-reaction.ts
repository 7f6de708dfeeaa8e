import type { SimulationOptions } from '../domain/scenario/simulate/script.ts'
import { mayHaveLink, mostLinks } from './declared-links.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { readFlag, readOptions } from './options.ts'
import type { SimulatedScenario, SimulateOptions } from './simulation-script.ts'
import { readElapsedSpan } from './span.ts'

type Reacts = NonNullable<SimulationOptions['reacts']>
type Answers = NonNullable<SimulationOptions['answers']>

/** What people do with their mail, each answer of the script read. */
export const readReactions =
  (scenario: SimulatedScenario, reacts: NonNullable<SimulateOptions['reacts']>): Reacts =>
  (mail) => {
    const path = `reacts to the mail of step "${mail.step}"`
    const { opensAfter, clicksAfter, link, bounces } = readOptions(path, reacts(mail), [
      'opensAfter',
      'clicksAfter',
      'link',
      'bounces',
    ])
    if (link !== undefined && clicksAfter === undefined) throw invalidDefinition(`${path}.link`, 'only counts with clicksAfter.')
    const hasBounced = readFlag(`${path}.bounces`, bounces, false)
    if (hasBounced && (opensAfter !== undefined || clicksAfter !== undefined))
      throw invalidDefinition(`${path}.bounces`, 'a mail that bounces is neither opened nor clicked.')
    return {
      ...(opensAfter === undefined ? {} : { opensAfter: readElapsedSpan(`${path}.opensAfter`, opensAfter) }),
      ...(clicksAfter === undefined ? {} : { clicksAfter: readElapsedSpan(`${path}.clicksAfter`, clicksAfter) }),
      ...(clicksAfter === undefined ? {} : { link: readLink(scenario, `${path}.link`, mail.template, link) }),
      bounces: hasBounced,
    }
  }

const readLink = (scenario: SimulatedScenario, path: string, template: string, link: unknown): string | number => {
  if (link === undefined) return 0
  const declared = scenario.templates.get(template)
  if (typeof link === 'number' && Number.isSafeInteger(link) && link >= 0) {
    const most = declared === undefined ? Number.POSITIVE_INFINITY : mostLinks(declared)
    if (link < most) return link
    const known = most === 0 ? 'no links' : `no more than ${most}, counted from 0`
    throw invalidDefinition(path, `template "${template}" has no link ${link}: it has ${known}.`, 'definition.unknown_reference')
  }
  if (typeof link !== 'string' || link === '')
    throw mustBe(path, 'the address of a link as the template has it, or its number', link)
  if (declared === undefined || mayHaveLink(declared, link)) return link
  throw invalidDefinition(path, `template "${template}" has no link ${JSON.stringify(link)}.`, 'definition.unknown_reference')
}

/** How calls end, each answer of the script read. */
export const readAnswers =
  (answers: Answers): Answers =>
  (call) => {
    const path = `answers to the call of step "${call.step}"`
    const { ok, after } = readOptions(path, answers(call) ?? null, ['ok', 'after'])
    if (typeof ok !== 'boolean') throw mustBe(`${path}.ok`, 'true or false', ok)
    if (after === undefined) return { ok }
    if (typeof after === 'number' && Number.isSafeInteger(after) && after >= 0) return { ok, after }
    throw mustBe(`${path}.after`, 'a whole number of milliseconds', after)
  }
