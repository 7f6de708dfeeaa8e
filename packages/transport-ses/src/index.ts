export { messageTag } from './send-once.ts'
export { type SesTransportOptions, sesTransport } from './ses-transport.ts'
