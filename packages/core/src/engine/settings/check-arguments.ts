import { TobiishiError } from '../../errors/index.ts'

/** The options of a call as they are, or undefined for none. Throws `config.invalid` for what is no object. `what` names the call. */
export const checkOptions = <T>(what: string, options: T): T => {
  if (options === undefined || (typeof options === 'object' && options !== null && !Array.isArray(options))) return options
  throw new TobiishiError('config.invalid', `The options of ${what} must be an object, or be left out.`)
}

/** Throws `config.invalid` for a language that there are no words in. */
export const checkLanguage = <L extends 'ja' | 'en'>(what: string, language: L): L => {
  if (language === 'ja' || language === 'en') return language
  throw new TobiishiError('config.invalid', `The language of ${what} must be 'ja' or 'en'.`)
}

/** A whole number of answers, 0 or above. Throws `config.invalid`. */
export const checkLimit = (what: string, limit: number): number => {
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new TobiishiError('config.invalid', `The limit of ${what} must be a whole number, 0 or above.`)
}
