/** Joins parts of a key; no part holds NUL. */
export const keyOf = (...parts: readonly (string | number)[]): string => parts.join('\u0000')
