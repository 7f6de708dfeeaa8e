import type { Expression, Scope } from '../domain/reference/expression.ts'
import { compileText } from './compile-expression.ts'
import type { Encoding } from './encoding.ts'

type Read = (scope: Scope) => string

/** The distinct values of a template, numbered: one that stands in text, HTML and subject is read and encoded once a mail. */
export class TemplateValues {
  readonly #reads: Read[] = []
  readonly #numbers = new Map<string, number>()
  readonly #owner: string

  /** `owner` is the template as messages name it. */
  constructor(owner: string) {
    this.#owner = owner
  }

  get owner(): string {
    return this.#owner
  }

  /** The number of a value; null for the value of a loop's element, which is another one each time round. */
  add(expression: Expression): number | null {
    const key = JSON.stringify(expression)
    if (key.includes('"item"')) return null
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#reads.push(compileText(expression, this.#owner)) - 1
    this.#numbers.set(key, number)
    return number
  }

  of(scope: Scope, encoding: Encoding): MailValues {
    return new MailValues(this.#reads, scope, encoding)
  }
}

/** The values of one mail, read when they are first needed: what stands in a `when` not taken may be missing. */
export class MailValues {
  readonly #reads: readonly Read[]
  readonly #scope: Scope
  readonly #encoding: Encoding
  readonly #texts: string[] = []
  readonly #plain: string[] = []
  readonly #html: string[] = []

  constructor(reads: readonly Read[], scope: Scope, encoding: Encoding) {
    this.#reads = reads
    this.#scope = scope
    this.#encoding = encoding
  }

  text(number: number): string {
    const known = this.#texts[number]
    if (known !== undefined) return known
    const text = this.#reads[number]!(this.#scope)
    this.#texts[number] = text
    return text
  }

  plain(number: number): string {
    const known = this.#plain[number]
    if (known !== undefined) return known
    const encoded = this.#encoding.plain(this.text(number))
    this.#plain[number] = encoded
    return encoded
  }

  html(number: number): string {
    const known = this.#html[number]
    if (known !== undefined) return known
    const text = this.text(number)
    const encoded = needsEscape.test(text) ? this.#encoding.html(text) : this.plain(number)
    this.#html[number] = encoded
    return encoded
  }
}

const needsEscape = /[&<>"']/
