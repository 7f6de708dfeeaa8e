import type { TemplateLink } from '../domain/tracking/template-link.ts'

/** Numbers the links of a template in reading order, from 0. */
export class LinkCollector {
  readonly #links: { index: number; url: string | null; label: string }[] = []

  /** Every link of the HTML counts on its own, also where two lead to the same address: that is what readers compare. */
  add(url: string | null): number {
    return this.#links.push({ index: this.#links.length, url, label: '' }) - 1
  }

  label(index: number, label: string): void {
    const link = this.#links[index]
    if (link !== undefined) link.label = label.replace(/\s+/g, ' ').trim().slice(0, 120)
  }

  /** The first link to an address, so that the text part counts with the HTML; a new one where there is none. */
  findOrAdd(url: string): number {
    const known = this.#links.find((link) => link.url === url)
    if (known !== undefined) return known.index
    const index = this.add(url)
    this.label(index, url)
    return index
  }

  get links(): readonly TemplateLink[] {
    return this.#links
  }
}
