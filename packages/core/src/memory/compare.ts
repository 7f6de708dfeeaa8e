import { compareCodePoints } from '../domain/segment/code-point-order.ts'

export type Compare<T> = (a: T, b: T) => number

/** The first comparison that decides. */
export const inOrder =
  <T>(...compares: readonly Compare<T>[]): Compare<T> =>
  (a, b) => {
    for (const compare of compares) {
      const answer = compare(a, b)
      if (answer !== 0) return answer
    }
    return 0
  }

export const byNumber =
  <T>(of: (row: T) => number): Compare<T> =>
  (a, b) =>
    of(a) - of(b)

export const byText =
  <T>(of: (row: T) => string): Compare<T> =>
  (a, b) =>
    compareCodePoints(of(a), of(b))

export const descending =
  <T>(compare: Compare<T>): Compare<T> =>
  (a, b) =>
    compare(b, a)
