/** A point in time: integer milliseconds since 1970-01-01T00:00:00Z. Storages keep it as an integer. */
export type Instant = number

/** A local date `YYYY-MM-DD` of some calendar; not an instant. */
export type LocalDate = string

/** Elapsed milliseconds. */
export type Milliseconds = number

export const second = 1_000
export const minute = 60_000
export const hour = 3_600_000
export const day = 86_400_000

/** The month `YYYYMM` (UTC) of an instant, as a number: the partition key of messages and events. */
export const bucketOf = (at: Instant): number => {
  const date = new Date(at)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
