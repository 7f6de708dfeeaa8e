import { afterSale, basket, welcome } from './by-event.ts'
import { follow } from './by-hand.ts'
import { club, idle, insider, renewal } from './by-time.ts'
import type { Shape } from './shape.ts'

export const shapes: readonly Shape[] = [welcome, basket, afterSale, follow, insider, club, idle, renewal]

/** The shapes of these names with those that they lead to. */
export const castOf = (names: readonly string[]): readonly Shape[] => {
  const wanted = new Set(names.flatMap((name) => [name, ...(shapes.find((shape) => shape.name === name)?.needs ?? [])]))
  return shapes.filter(({ name }) => wanted.has(name))
}
