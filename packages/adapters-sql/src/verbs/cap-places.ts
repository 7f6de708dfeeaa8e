import type { CapUse } from '@tobiishi/core/ports'
import { jsonText, parseJson } from '../json-text.ts'

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

/** A row that keeps places, and whose they are. */
export interface CapRow {
  readonly cap: string | null
  readonly contact_id: string | null
}

export const placesOf = ({ cap, contact_id: contactId }: CapRow): Place[] =>
  cap === null || contactId === null
    ? []
    : parseJson<[string, string][]>(cap).map(([name, bucket]) => ({ contactId, cap: name, bucket }))
