import type { Step } from '../ports/storage/index.ts'

/** An immediate answer as a step. It yields once first, so that a driver can stop between any two verbs. */
export function* verb<T>(answer: () => T): Step<T> {
  yield
  return answer()
}
