/** A link found in a template. `url: null` where the address has a slot and comes signed with the click. */
export interface TemplateLink {
  readonly index: number
  readonly url: string | null
  readonly label: string
}
