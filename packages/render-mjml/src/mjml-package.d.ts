/** The part of mjml 5 that is used here; the package has no types of its own. */
declare module 'mjml' {
  interface MjmlOptions {
    readonly validationLevel: 'strict' | 'soft' | 'skip'
    readonly keepComments?: boolean
    readonly fonts?: { readonly [family: string]: string }
  }
  export default function mjml2html(source: string, options: MjmlOptions): Promise<{ readonly html: string }>
}
