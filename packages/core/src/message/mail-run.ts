import type { Scope } from '../domain/reference/expression.ts'
import type { Encoding } from './encoding.ts'
import type { Signer } from './signer.ts'
import type { MailValues, TemplateValues } from './template-values.ts'
import type { TextOutput } from './text-output.ts'

/** What one mail brings along: its values, and its addresses encoded once for all places where they stand. */
export interface Run {
  readonly out: TextOutput
  readonly messageId: string
  readonly values: MailValues
  /** Changes inside `each`. */
  scope: Scope
  /** Address of the open pixel. */
  readonly open: string
  /** Address of a click without `/<number>`. */
  readonly click: string
  readonly unsubscribe: string
  /** As `click`, not encoded: for addresses that are encoded as a whole. */
  readonly clickAddress: string
}

export interface CompileOptions {
  readonly encoding: Encoding
  /** What values stand in. */
  readonly context: 'html' | 'plain'
  readonly signer: Signer
  readonly values: TemplateValues
  /** False for test copies: links lead straight to their address and no pixel is there. */
  readonly isTracked: boolean
}

/** Writes one part of a mail. */
export type Write = (run: Run) => void
