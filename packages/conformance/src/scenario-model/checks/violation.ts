/** A rule that did not hold, by its name. */
export class Violation extends Error {
  readonly rule: string

  constructor(rule: string, lines: readonly string[]) {
    super(`${rule}: ${lines.slice(0, 3).join('; ')}`)
    this.rule = rule
  }
}

/** Throws the first rule that does not hold. */
export const mustHold = <T>(rules: { readonly [name: string]: (of: T) => readonly string[] }, of: T): void => {
  for (const [rule, check] of Object.entries(rules)) {
    const lines = check(of)
    if (lines.length > 0) throw new Violation(rule, lines)
  }
}
