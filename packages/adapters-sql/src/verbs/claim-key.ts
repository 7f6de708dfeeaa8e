/** A claim in a record: named apart from the tables' own columns, because `returning` cannot qualify a column everywhere. */
export const claimFields = { target: 'text', held: 'integer' } as const

interface Claim {
  readonly messageId: string
  readonly token: number
}

export const claimRecord = ({ messageId, token }: Claim): { readonly target: string; readonly held: number } => ({
  target: messageId,
  held: token,
})

export const claimKey = ({ messageId, token }: Claim): string => `${token} ${messageId}`

export const rowKey = (row: { readonly message_id: string; readonly token: number }): string => `${row.token} ${row.message_id}`
