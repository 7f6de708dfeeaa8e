import { createHash } from 'node:crypto'
import { escapeHtml } from '../domain/reference/escape-html.ts'
import type { PageLocale } from './page-locale.ts'

export interface HtmlPage {
  readonly locale: PageLocale
  readonly status?: number
  readonly title: string
  /** HTML, escaped by whoever wrote it. */
  readonly body: string
}

const css =
  'body{max-width:32rem;margin:3rem auto;padding:0 1rem;font:1rem/1.7 system-ui,sans-serif;color:#222;background:#fff}' +
  'h1{font-size:1.4rem}fieldset{border:1px solid #bbb;border-radius:.4rem;margin:1.5rem 0;padding:1rem}label{display:block}' +
  'button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#1b4d89;color:#fff;cursor:pointer}' +
  'button:focus-visible,input:focus-visible{outline:3px solid #e0a800;outline-offset:2px}footer{margin-top:3rem;color:#555;font-size:.9rem}'

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A page that runs no script, loads nothing, is not framed, kept or indexed, and tells no other site where its reader came from. */
export function htmlPage({ locale, status = 200, title, body }: HtmlPage): Response {
  const html =
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeHtml(title)}</title><style>${css}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      'content-security-policy': policy,
      'cache-control': 'no-store, private',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      ...(status === 503 ? { 'retry-after': '60' } : {}),
    },
  })
}
