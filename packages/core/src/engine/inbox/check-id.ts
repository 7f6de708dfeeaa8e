import { type ErrorCode, TobiishiError } from '../../errors/index.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f]/

/** Contact ids, event ids and entry keys: 1 to 200 characters without control characters. Throws `code` naming `path`. */
export const checkId = (id: string, path: string, code: ErrorCode): string => {
  if (typeof id !== 'string' || id === '' || id.length > 200 || control.test(id) || !id.isWellFormed())
    throw new TobiishiError(code, `${path} must be text of 1 to 200 characters without control characters.`)
  return id
}
