/** A refusal as the other side gave it: while handing over, or later in a report (RFC 3464). */
export interface Refusal {
  /** SMTP reply code; null where a report has only a status. */
  readonly code: number | null
  /** `5.1.1`; null: looked for in the text. */
  readonly enhancedCode: string | null
  /** As it came. Japanese carriers tell by the address in it whether there is such a user. */
  readonly text: string
  /** Domain of the recipient, normalised. */
  readonly domain: string
  /** The command that was refused; `report` where only a report tells, which may name the command in its text. */
  readonly stage: 'mail' | 'rcpt' | 'data' | 'report'
}
