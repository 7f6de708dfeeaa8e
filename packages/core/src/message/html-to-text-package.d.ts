/** The part of html-to-text 10 that is used here; the package has no types of its own. */
declare module 'html-to-text' {
  interface TextBuilder {
    addInline(text: string): void
  }
  interface DomNode {
    readonly attribs?: { readonly [name: string]: string }
  }
  type Formatter = (element: DomNode, walk: unknown, builder: TextBuilder, options: unknown) => void
  interface HtmlToTextOptions {
    readonly wordwrap?: number | false
    readonly formatters?: { readonly [name: string]: Formatter }
    readonly selectors?: readonly { readonly selector: string; readonly format?: string; readonly options?: object }[]
  }
  export const convert: (html: string, options?: HtmlToTextOptions) => string
}
