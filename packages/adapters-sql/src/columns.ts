import { type RawBuilder, sql } from 'kysely'

/** Columns as a select list, of `alias` if given, each under its own name or after `prefix`. */
export const selectList = (
  fields: { readonly [field: string]: unknown },
  options: { readonly alias?: string; readonly prefix?: string } = {},
): RawBuilder<unknown> =>
  sql.raw(
    Object.keys(fields)
      .map(
        (field) => `${options.alias ? `${options.alias}.` : ''}${field}${options.prefix ? ` as ${options.prefix}${field}` : ''}`,
      )
      .join(', '),
  )

/** Columns as the parenthesised list of an insert. */
export const insertList = (fields: { readonly [field: string]: unknown }): RawBuilder<unknown> =>
  sql.raw(`(${Object.keys(fields).join(', ')})`)

/** `field = r.field` for each, for updates from records. */
export const assignments = (fields: readonly string[]): RawBuilder<unknown> =>
  sql.raw(fields.map((field) => `${field} = r.${field}`).join(', '))
