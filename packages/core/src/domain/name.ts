/**
 * Names are stored, shown and part of paths: letters and digits of any script, and `. _ : -` inside. 1 to 100 characters. Of
 * scenarios, steps, segments, templates, events, topics, handlers, arms.
 */
export const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:-]{0,99}$/u

/** The rule of `namePattern` as a sentence. */
export const nameRule = 'a name has 1 to 100 letters, digits or . _ : - and starts with a letter or digit.'

/** Names of attributes and of payload fields and props. What every object inherits (`constructor`) is none; see `isFieldName`. */
export const fieldNamePattern = /^[\p{L}_][\p{L}\p{N}\p{M}_-]{0,99}$/u

/** The rule of field names as a sentence. */
export const fieldNameRule = 'a field name has 1 to 100 letters, digits, _ or - and starts with a letter or _.'

/** Whether an attribute, a payload field or a prop may be called so. */
export const isFieldName = (text: string): boolean => fieldNamePattern.test(text) && !(text in Object.prototype)
