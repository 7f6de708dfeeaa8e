export { createHandler } from './create-handler.ts'
export type { HttpServices } from './http-services.ts'
export { toNextHandler } from './to-next-handler.ts'
export { toNodeHandler } from './to-node-handler.ts'
