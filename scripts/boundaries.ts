import { posix } from 'node:path'

/**
 * Who may import whom (the rooms of docs/architecture.md). A room is the longest matching prefix; `may` lists rooms by their
 * name, packages by theirs, and `node:crypto`-like built-ins. Tests may import anything public.
 */
interface Room {
  readonly name: string
  readonly path: string
  readonly may: readonly string[]
  /** Text that must not stand in the room: time and chance come in as arguments. */
  readonly never?: readonly RegExp[]
}

const core = 'packages/core/src'
const pure = [/\bDate\.now\b/, /new Date\(\)/, /\bMath\.random\b/, /\b(setTimeout|setInterval|setImmediate)\b/]
const adapter = ['@tobiishi/core', 'kysely', 'node:']

export const rooms: readonly Room[] = [
  { name: 'errors', path: `${core}/errors`, may: [] },
  { name: 'domain', path: `${core}/domain`, may: ['errors', 'zod', 'date-fns', '@date-fns/tz'], never: pure },
  { name: 'define', path: `${core}/define`, may: ['domain', 'errors', 'zod'] },
  {
    name: 'message',
    path: `${core}/message`,
    may: [
      'define',
      'domain',
      'errors',
      'node:crypto',
      'htmlparser2',
      'domhandler',
      'dom-serializer',
      'html-to-text',
      'libmime',
      'libqp',
    ],
  },
  { name: 'ports', path: `${core}/ports`, may: ['domain', 'message'] },
  {
    name: 'engine',
    path: `${core}/engine`,
    may: ['define', 'domain', 'message', 'ports', 'errors', 'http', 'zod', 'node:crypto'],
  },
  {
    name: 'http',
    path: `${core}/http`,
    may: ['engine', 'domain', 'message', 'errors', 'node:crypto', 'node:http', 'node:stream'],
  },
  { name: 'memory', path: `${core}/memory`, may: ['ports', 'domain', 'errors'] },
  {
    name: 'testing',
    path: `${core}/testing`,
    may: ['ports', 'domain', 'errors', 'engine', 'memory', 'define', 'message'],
  },
  {
    name: 'import',
    path: `${core}/import`,
    may: ['domain', 'errors', 'csv-parse', 'csv-stringify', 'iconv-lite', '@date-fns/tz'],
  },
  { name: 'calendars', path: `${core}/calendars`, may: ['domain', 'errors'] },
  {
    name: 'core index',
    path: `${core}/index.ts`,
    may: ['define', 'domain', 'engine', 'errors', 'http', 'message', 'ports', 'import'],
  },
  { name: 'adapters-sql', path: 'packages/adapters-sql/src', may: adapter },
  { name: 'adapters-postgres', path: 'packages/adapters-postgres/src', may: [...adapter, '@tobiishi/adapters-sql', 'pg'] },
  {
    name: 'adapters-sqlite',
    path: 'packages/adapters-sqlite/src',
    may: [...adapter, '@tobiishi/adapters-sql', 'better-sqlite3'],
  },
  { name: 'transport-smtp', path: 'packages/transport-smtp/src', may: ['@tobiishi/core', 'nodemailer', 'node:'] },
  { name: 'transport-ses', path: 'packages/transport-ses/src', may: ['@tobiishi/core', '@aws-sdk/client-sesv2', 'node:'] },
  { name: 'render-mjml', path: 'packages/render-mjml/src', may: ['@tobiishi/core', 'mjml', 'node:'] },
  { name: 'conformance', path: 'packages/conformance/src', may: ['@tobiishi/core', 'fast-check', 'zod', 'node:'] },
]

const imports =
  /(?:^|\n)\s*(?:import|export)\s[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** Problems of one file, as sentences with its path; empty if it keeps to its room. */
export const problemsOf = (file: string, text: string): string[] => {
  const isTest = /\.test\.ts$|\/test\//.test(file)
  const isExample = file.startsWith('examples/')
  const specifiers = [...text.matchAll(imports)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  if (isExample)
    return specifiers
      .filter((one) => isPrivate(file, one))
      .map((one) => `${file}: an example imports ${one}, which is not a public entry point`)
  const room = roomOf(file)
  if (!room || isTest) return []
  const refused = specifiers
    .filter((one) => !isAllowed(room, file, one))
    .map((one) => `${file}: ${room.name} may not import ${one}`)
  const never = (room.never ?? [])
    .filter((pattern) => pattern.test(text))
    .map((pattern) => `${file}: ${room.name} must take time and chance as arguments (${pattern.source})`)
  return [...refused, ...never]
}

const roomOf = (file: string): Room | undefined =>
  rooms.filter(({ path }) => file === path || file.startsWith(`${path}/`)).toSorted((a, b) => b.path.length - a.path.length)[0]

const isPrivate = (file: string, specifier: string): boolean => {
  const root = file.split('/').slice(0, 2).join('/')
  if (specifier.startsWith('.')) return !posix.join(posix.dirname(file), specifier).startsWith(root)
  return specifier.startsWith('@tobiishi/') && /\/(src|dist)\//.test(specifier)
}

const isAllowed = (room: Room, file: string, specifier: string): boolean => {
  if (specifier.startsWith('.')) {
    const target = roomOf(posix.join(posix.dirname(file), specifier))
    return target !== undefined && (target.name === room.name || room.may.includes(target.name))
  }
  return room.may.some(
    (one) => specifier === one || specifier.startsWith(`${one}/`) || (one.endsWith(':') && specifier.startsWith(one)),
  )
}
