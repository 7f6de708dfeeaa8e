export { createHandler } from './create-handler.ts'
export { toNextHandler } from './to-next-handler.ts'
export { toNodeHandler } from './to-node-handler.ts'
