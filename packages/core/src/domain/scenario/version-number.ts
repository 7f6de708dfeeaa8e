/** The highest number of a version: every database keeps it in 32 bits with a sign. */
export const highestVersion = 2_147_483_647

export const isVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highestVersion
