import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spellPath } from '../../src/domain/scenario/parse/problem.ts'
import { parseScenario } from '../../src/domain/scenario/parse-scenario.ts'
import { englishIn } from '../english-in.ts'
import { definitions } from './definition-arbitrary.ts'

type Path = readonly (string | number)[]
type Doc = Record<string, unknown>

const isObject = (value: unknown): value is Doc => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records whose keys are names, and values that may be any JSON: no key of theirs is a word of the format. */
const isFree = (path: Path): boolean => {
  const [head, , third, fourth] = path
  if (head === 'successors' || (head === 'steps' && path.length === 1) || (head === 'segments' && path.length === 1)) return true
  if (head === 'segments' || path.includes('where')) return true
  if (path.includes('value')) return true
  const isChange = third === 'add' || third === 'remove'
  const isRecord = third === 'set' || third === 'props' || third === 'payload' || (third === 'event' && fourth === undefined)
  return head === 'steps' && (isChange || (isRecord && path.length === 3))
}

/** Every place of a document: objects with a fixed set of keys, and leaves. */
const places = (value: unknown, path: Path = []): { readonly path: Path; readonly value: unknown }[] => {
  const children = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : []
  return [{ path, value }, ...children.flatMap(([key, child]) => places(child, [...path, key]))]
}

/** A copy with another value at a place; `undefined` takes the key away. */
const replaced = (value: unknown, path: Path, next: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (Array.isArray(value)) return value.map((child, index) => (index === key ? replaced(child, rest, next) : child))
  if (!isObject(value)) throw new Error('no such place')
  const changed = Object.entries(value).flatMap(([name, child]) => {
    if (name !== key) return [[name, child]]
    const put = replaced(child, rest, next)
    return put === undefined ? [] : [[name, put]]
  })
  return Object.fromEntries(changed)
}

const pathsOf = (json: unknown): readonly string[] => {
  const result = parseScenario(json)
  return result.ok ? [] : result.problems.map(({ path }) => path)
}

/** Breaks each definition at one place that `find` offers. */
const breaking = (
  find: (document: unknown) => readonly Path[],
  damage: (document: unknown, path: Path) => { readonly json: unknown; readonly at: Path },
) =>
  fc.assert(
    fc.property(definitions, fc.nat(), (definition, pick) => {
      const candidates = find(definition)
      fc.pre(candidates.length > 0)
      const path = candidates[pick % candidates.length] ?? []
      const { json, at } = damage(definition, path)
      expect(pathsOf(json)).toContain(spellPath(at))
    }),
    { numRuns: 300 },
  )

const fixedObjects = (document: unknown): readonly Path[] =>
  places(document).flatMap(({ path, value }) => (isObject(value) && !isFree(path) ? [path] : []))

describe('a scenario as JSON', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(parseScenario(JSON.parse(JSON.stringify(definition)))).toEqual({ ok: true, definition })
        expect(parseScenario(definition)).toEqual({ ok: true, definition })
      }),
      { numRuns: 300 },
    )
  })

  it('is not changed by being read', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const before = JSON.stringify(definition)
        parseScenario(definition)
        expect(JSON.stringify(definition)).toBe(before)
      }),
    )
  })

  it('names every key that it does not know', () => {
    breaking(fixedObjects, (document, path) => {
      const target = places(document).find((one) => one.path.join('\n') === path.join('\n'))
      return { json: replaced(document, path, { ...(target?.value as Doc), zzz: 1 }), at: [...path, 'zzz'] }
    })
  })

  it('names every key that is missing', () => {
    const keys = (document: unknown) =>
      places(document).flatMap(({ path, value }) =>
        isObject(value) && !isFree(path) ? Object.keys(value).map((key) => [...path, key]) : [],
      )
    breaking(keys, (document, path) => ({ json: replaced(document, path, undefined), at: path }))
  })

  it('names every value of a wrong kind', () => {
    const leaves = (document: unknown) =>
      places(document).flatMap(({ path, value }) => (isObject(value) || Array.isArray(value) || isFree(path) ? [] : [path]))
    breaking(leaves, (document, path) => ({ json: replaced(document, path, [[]]), at: path }))
  })

  it('names every arrow that leads nowhere', () => {
    const arrows = (document: unknown) =>
      places(document).flatMap(({ path }) =>
        ['next', 'yes', 'no', 'failed', 'until', 'first'].includes(String(path.at(-1))) &&
        ((path[0] === 'steps' && !isFree(path) && path.length > 2) || path.length === 1)
          ? [path]
          : [],
      )
    breaking(arrows, (document, path) => ({ json: replaced(document, path, 'nowhere'), at: path }))
  })

  it('names every text that no database stores', () => {
    const texts = (document: unknown) => places(document).flatMap(({ path, value }) => (typeof value === 'string' ? [path] : []))
    breaking(texts, (document, path) => ({ json: replaced(document, path, 'a\u0000'), at: path }))
  })
})

describe('any JSON', () => {
  it('is told what is wrong with it in Japanese throughout, whatever stands wherever', () => {
    const values = fc.oneof(
      fc.constantFrom(null, -1, 0.5, 1e300, '', ' ', 'a', 'a\u0000', [], {}, [1], { kind: 'x' }),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(definitions, fc.nat(), values, (definition, nth, value) => {
        const all = places(definition)
        const { path = [] } = all[nth % all.length] ?? {}
        const json = replaced(definition, path, value)
        const told = parseScenario(json, { language: 'ja' })
        const found = parseScenario(json)
        if (told.ok || found.ok) return
        expect(told.problems.map(({ code }) => code)).toEqual(found.problems.map(({ code }) => code))
        for (const { code, problem } of told.problems) {
          expect(code).not.toBe('unfit')
          expect(englishIn(problem), problem).toEqual([])
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }), (json) => {
        expect(parseScenario(json).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('is answered at any depth and size, and when it goes round', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 100_000; level += 1) deep = { kind: 'not', value: deep }
    const round: Doc = { format: 2 }
    round.steps = round
    const sparse: unknown[] = []
    sparse.length = 4_000_000_000
    const wide = { format: 2, steps: Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`s${index}`, null])) }
    expect(parseScenario({ format: 2, steps: deep })).toEqual({
      ok: false,
      problems: [{ path: '', code: 'too-deep', problem: 'is nested too deep.' }],
    })
    expect(parseScenario(round)).toEqual({
      ok: false,
      problems: [{ path: '', code: 'too-deep', problem: 'is nested too deep.' }],
    })
    expect(parseScenario({ format: 2, exitOn: sparse })).toEqual({
      ok: false,
      problems: [{ path: '', code: 'too-large', problem: 'is too large.' }],
    })
    expect(parseScenario(wide)).toEqual({ ok: false, problems: [{ path: '', code: 'too-large', problem: 'is too large.' }] })
  })
})
