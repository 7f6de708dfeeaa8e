import type { MailFate } from '../domain/scenario/transition-contract.ts'
import type { Message, MessageReader } from '../ports/storage/index.ts'
import type { Tables } from './tables.ts'

type Keys = Parameters<MessageReader['fates']>[0]
type Answer<Verb extends 'fates' | 'stepsOf'> = ReturnType<MessageReader[Verb]> extends Generator<unknown, infer T> ? T : never

export const fatesOf = (tables: Tables, keys: Keys): Answer<'fates'> =>
  keys.flatMap(({ enrolmentId, stepId }) => {
    const latest = tables.messagesByEnrolment.of(enrolmentId).find((message) => message.stepId === stepId)
    return latest === undefined ? [] : [{ enrolmentId, stepId, fate: fateOf(tables, latest) }]
  })

const fateOf = (tables: Tables, message: Message): MailFate => {
  const facts = tables.facts.get(message.id)
  return {
    state: message.state,
    deliveredAt: facts?.deliveredAt ?? null,
    openedAt: facts?.humanOpenedAt ?? null,
    clickedAt: facts?.humanClickedAt ?? null,
    bouncedAt: facts?.bouncedAt ?? null,
    links: clickedLinks(tables, message),
  }
}

/** Each link that a person clicked, once. */
const clickedLinks = (tables: Tables, message: Message): MailFate['links'] => {
  const known = message.templateHash === null ? undefined : tables.templates.get(message.templateHash)
  const found = new Map<string, MailFate['links'][number]>()
  for (const { kind, actor, link, url } of tables.deliveriesByMessage.of(message.id)) {
    if (kind !== 'clicked' || actor !== 'human' || link === null) continue
    const address = url ?? known?.links.find((one) => one.index === link)?.url ?? null
    found.set(JSON.stringify([link, address]), { link, url: address })
  }
  return [...found.values()]
}

export const stepsOf = (tables: Tables, enrolmentIds: readonly string[]): Answer<'stepsOf'> =>
  [...new Set(enrolmentIds)].flatMap((enrolmentId) => {
    const steps = new Map<string, Answer<'stepsOf'>[number]>()
    for (const { id, stepId, state } of tables.messagesByEnrolment.of(enrolmentId)) {
      if (stepId === null) continue
      // Newest first: the first seen tells the state.
      const seen = steps.get(stepId) ?? { enrolmentId, stepId, state, isWaiting: false }
      steps.set(stepId, { ...seen, isWaiting: seen.isWaiting || tables.queue.get(id)?.phase === 0 })
    }
    return [...steps.values()]
  })
