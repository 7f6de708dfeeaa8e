/** What reads HTML and MJML, with its parsers: loaded when the first such template is prepared, not when an app starts. */
export { placeMarks } from './place-marks.ts'
export { scanHtml } from './scan-html.ts'
export { textFromHtml } from './text-from-html.ts'
