export { type MjmlOptions, mjml } from './mjml.ts'
