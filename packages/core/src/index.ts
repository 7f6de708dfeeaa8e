export { evaluateSegment } from './domain/segment/evaluate-segment.ts'
export { type ErrorCode, errorCodes, TobiishiError, type TobiishiErrorOptions } from './errors/index.ts'
