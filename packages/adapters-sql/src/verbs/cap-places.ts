import type { CapUse } from '@tobiishi/core/ports'
import { jsonText, parseJson } from '../json-text.ts'
import { rowKey } from './claim-key.ts'

/** One place in a frequency cap. */
export interface Place {
  readonly contactId: string
  readonly cap: string
  readonly bucket: string
}

/** What a mail needs of frequency caps. */
export interface Reservation {
  readonly messageId: string
  readonly contactId: string
  readonly caps?: readonly CapUse[]
}

export const placeKey = ({ contactId, cap, bucket }: Place): string => JSON.stringify([contactId, cap, bucket])

export const capPlaces = ({ contactId, caps = [] }: Reservation): (Place & { readonly limit: number })[] =>
  caps.map(({ cap, bucket, limit }) => ({ contactId, cap, bucket, limit }))

/** Places as the queue row keeps them until they can no longer be given back; null for none. The contact is that of the row. */
export const storedPlaces = ({ caps = [] }: Pick<Reservation, 'caps'>): string | null =>
  caps.length === 0 ? null : jsonText(caps.map(({ cap, bucket }) => [cap, bucket]))

/** A claim whose row keeps places, and whose they are. */
export interface CapRow {
  readonly message_id: string
  readonly token: number
  readonly cap: string | null
  readonly contact_id: string | null
}

/** A place that is given back, under the claim that had taken it: a claim gives a place back once. */
export interface FreePlace extends Place {
  readonly claim: string
}

export const placesOf = (row: CapRow): FreePlace[] => {
  const { cap, contact_id: contactId } = row
  if (cap === null || contactId === null) return []
  const places = parseJson<[string, string][]>(cap)
  return places.map(([name, bucket]) => ({ contactId, cap: name, bucket, claim: rowKey(row) }))
}
