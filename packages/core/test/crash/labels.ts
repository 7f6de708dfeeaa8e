import type { Rows } from './rows.ts'
import type { Witness } from './witness.ts'

/** Names that say what a row is, instead of ids that are drawn: by them two runs of a world can be compared. */
export type Labels = ReadonlyMap<string, string>

/** A segment's occasions are named by their instant, those of another scenario by its enrolment. */
const occasionOf = ({ id, entryKey, depth }: Rows['enrolments'][number]): string =>
  entryKey === id ? '' : entryKey.replace(/^(in|out):\d+$/, '$1').replace(/^[\w-]{16}:\d+$/, `${depth} deep`)

export const labelsOf = ({ enrolments, messages, jobs, inbox }: Rows, { facts }: Witness): Labels => {
  const labels = new Map<string, string>()
  for (const fact of facts)
    if (fact.kind === 'renamed' && /^(erased|merged)-/.test(fact.to)) labels.set(fact.to, `alias of ${fact.from}`)
  const named = (id: string) => labels.get(id) ?? id
  for (const row of enrolments) {
    const label = `${row.scenario}/${named(row.contactId)}/${occasionOf(row)}`
    const earlier = enrolments.filter((other) => other.enteredAt < row.enteredAt && labels.get(other.id)?.startsWith(label))
    labels.set(row.id, earlier.length === 0 ? label : `${label} (${earlier.length + 1})`)
  }
  for (const { id, idemKey, scenario, stepId, contactId } of messages) {
    const [enrolmentId = '', ...rest] = idemKey.split(':')
    const isErased = enrolmentId === 'erased'
    labels.set(id, isErased ? `${scenario}/${named(contactId)}/${stepId}` : `${[named(enrolmentId), ...rest].join(':')}`)
  }
  for (const { id, kind, scenario } of jobs) labels.set(id, `${kind} of ${scenario}`)
  for (const { kind, key } of inbox) if (kind === 'identify') labels.set(key, 'words')
  return labels
}

/** A value with its ids replaced. */
export const relabelled = (value: unknown, labels: Labels): string => {
  if (labels.size === 0) return JSON.stringify(value)
  const ids = new RegExp([...labels.keys()].map((id) => id.replace(/[^\w]/g, '\\$&')).join('|'), 'g')
  return JSON.stringify(value).replace(ids, (id) => JSON.stringify(labels.get(id) ?? id).slice(1, -1))
}

/** All rows in an order that does not depend on drawn ids: equal for two storages that hold the same. */
export const fingerprint = (rows: Rows, witness: Witness): string => {
  const labels = labelsOf(rows, witness)
  const consents = rows.consents.map(({ id: _, ...entry }) => entry)
  const tables = Object.entries({ ...rows, consents }).map(([table, value]) => {
    const list = Array.isArray(value) ? value.map((row) => relabelled(row, labels)).toSorted() : [String(value)]
    return `${table}: ${list.join('\n')}`
  })
  return tables.join('\n\n')
}
