/** Turns markup into HTML, once per template. Placeholders (`[a-zA-Z0-9]+` words) must come out as they went in. */
export interface Markup {
  /** Rejects with `template.invalid` where the markup is wrong; the message gives line and tag. */
  toHtml(source: string): Promise<{ readonly html: string }>
}
