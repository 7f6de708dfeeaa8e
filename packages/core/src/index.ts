export { type ErrorCode, errorCodes, TobiishiError, type TobiishiErrorOptions } from './errors/index.ts'
