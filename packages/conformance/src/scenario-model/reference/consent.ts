import type { Person, Said } from './state.ts'

/** Why marketing mail of a topic may not go to somebody; null: it may. What was said last about the topic, or about all, counts. */
export const refusalOf = ({ said }: Pick<Person, 'said'>, topic: string | null): 'no-consent' | 'consent-withdrawn' | null => {
  const about = said.filter((line) => line.topic === null || line.topic === topic)
  const latest = Math.max(...about.map(({ at }) => at))
  const last = about.filter(({ at }) => at === latest)
  if (last.length === 0) return 'no-consent'
  return last.some(({ kind }) => kind === 'withdraw') ? 'consent-withdrawn' : null
}

const topics = [null, 'news', 'tips']

/** What two contacts said, as one: what either refuses stays refused. */
export const mergedConsent = (from: Person, into: Person, now: number): readonly Said[] => {
  let said: readonly Said[] = [...from.said, ...into.said]
  for (const topic of topics) {
    const isRefused = [from, into].some((side) => refusalOf(side, topic) === 'consent-withdrawn')
    if (isRefused && refusalOf({ said }, topic) === null) said = [...said, { kind: 'withdraw', topic, at: now }]
  }
  return said
}
