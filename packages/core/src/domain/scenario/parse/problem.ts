/** Something wrong in a definition that was given as JSON. */
export interface DefinitionProblem {
  /** Where, as `steps.hello.next` or `steps["2nd.mail"].props.brochure`; empty: the whole. */
  readonly path: string
  /** What is wrong there, as a sentence. */
  readonly problem: string
}

/** A path as people write it: a key that could be misread stands in brackets. */
export const spellPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((spelled, key) => {
    if (typeof key === 'number') return `${spelled}[${key}]`
    const text = String(key)
    if (!/^[\p{L}\p{N}\p{M}_$-]+$/u.test(text)) return `${spelled}[${JSON.stringify(text)}]`
    return spelled === '' ? text : `${spelled}.${text}`
  }, '')
