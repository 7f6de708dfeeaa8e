import { readFile } from 'node:fs/promises'
import { engineSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'

const docs = new URL('../../../../docs/', import.meta.url)
const read = (name: string): Promise<string> => readFile(new URL(name, docs), 'utf8')

/** Themes of the suite that are not about scenarios. */
const ofOtherThings = ['broadcasts', 'what the other side says', 'dying processes', 'workers']

/** First cells of the tables below a heading. */
const topics = (page: string, heading: string): string[] => {
  const [, after = ''] = page.split(`\n${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/^\| (.+?) \|/gm)]
    .map(([, topic]) => topic ?? '')
    .filter((topic) => topic !== 'Topic' && topic !== 'Rule')
}

/** The suite's cases by theme, without running any. */
const stated = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const themes = new Map<string, Set<string>>()
  let current = new Set<string>()
  engineSuite({
    describe: (name, body) => {
      current = new Set()
      themes.set(name, current)
      body()
    },
    it: (name) => void current.add(name),
    expect,
    create: () => Promise.reject(new Error('No case is run here.')),
  })
  return themes
}

describe('docs/scenario-rules.md', () => {
  it('has a row for every rule of the design', async () => {
    const rules = topics(await read('design.md'), '## 5. Scenarios: rules that others get wrong')
    expect(rules).toHaveLength(22)
    expect(topics(await read('scenario-rules.md'), '## Rules that others get wrong')).toEqual(rules)
  })

  it('names cases that there are, and every theme of scenarios', async () => {
    const page = await read('scenario-rules.md')
    const themes = stated()
    const whole = [...page.matchAll(/all of `([^`]+)`/g)].map(([, theme]) => theme ?? '')
    const single = [...page.matchAll(/`([^`›]+) › ([^`]+)`/g)]
      .slice(1)
      .map(([, theme, name]) => [theme ?? '', name ?? ''] as const)
    expect(whole.length + single.length).toBeGreaterThan(60)
    expect(whole.filter((theme) => !themes.has(theme))).toEqual([])
    expect(single.filter(([theme, name]) => themes.get(theme)?.has(name) !== true)).toEqual([])
    const named = new Set([...whole, ...single.map(([theme]) => theme)])
    expect([...themes.keys()].filter((theme) => !named.has(theme))).toEqual(ofOtherThings)
  })
})
