/** The assertions that the suites use. `expect` of Vitest and Jest fits. */
export interface Assertions {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
  toMatchObject(expected: object): void
}
export type Expect = (actual: unknown, message?: string) => Assertions

export interface TestContext {
  /** Ends the test as skipped, with the reason. */
  skip(reason?: string): unknown
}

/** What a suite needs of a test runner; it is injected, so that a suite runs under any. Vitest's own functions fit. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: (context: TestContext) => Promise<void>, timeout?: number) => unknown
  readonly expect: Expect
}
