export { type ErrorCode, errorCodes } from './error-code.ts'
export { TobiishiError, type TobiishiErrorOptions } from './tobiishi-error.ts'
