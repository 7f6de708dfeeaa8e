import type { DeclaredTemplate, Scenario } from '@tobiishi/core'
import type { Edition, Pressing, Shape } from '../catalogue/shape.ts'

const everyPressing: readonly Pick<Pressing, 'edition' | 'inFlight'>[] = [
  { edition: 'a', inFlight: 'pin' },
  { edition: 'b', inFlight: 'pin' },
]

/** All templates of the cast: an app keeps those of older versions. */
export const templatesOf = (cast: readonly Shape[]): readonly DeclaredTemplate[] => {
  const all = cast.flatMap((shape) => everyPressing.flatMap((pressing) => shape.press({ version: 1, ...pressing }).templates))
  return [...new Map(all.map((template) => [template.name, template])).values()]
}

/** What the app declares, and what was published beside it. */
export class Versions {
  readonly #pressings = new Map<string, Pressing>()
  readonly #cast: readonly Shape[]

  constructor(cast: readonly Shape[]) {
    this.#cast = cast
    for (const { name } of cast) this.#pressings.set(name, { version: 1, edition: 'a', inFlight: 'pin' })
  }

  /** The versions as of now, as a process declares them that starts now; the one named `draft` waits to be published. */
  declared(draft: string | null = null): readonly Scenario[] {
    return this.#cast.map((shape) => shape.press({ ...this.#of(shape), draft: shape.name === draft }))
  }

  raise(
    shape: Shape,
    { change, inFlight }: { readonly change: 'none' | 'other'; readonly inFlight: Pressing['inFlight'] },
  ): Scenario {
    const before = this.#of(shape)
    const other: Edition = before.edition === 'a' ? 'b' : 'a'
    const next = { version: before.version + 1, edition: change === 'none' ? before.edition : other, inFlight }
    this.#pressings.set(shape.name, next)
    return shape.press(next)
  }

  #of({ name }: Shape): Pressing {
    const pressing = this.#pressings.get(name)
    if (pressing === undefined) throw new Error(`${name} is not in the cast.`)
    return pressing
  }
}
