import { createPrivateKey } from 'node:crypto'
import DKIM from 'nodemailer/lib/dkim'
import { wrong } from './wrong-option.ts'

export interface DkimOptions {
  /** Signing domain, `d=`. For DMARC it is the From domain or a parent of it. */
  readonly domain: string
  /** `s=`: the key is published at `<selector>._domainkey.<domain>`. */
  readonly selector: string
  /** RSA private key, PEM. */
  readonly privateKey: string
  /** Header fields to sign where present. Default `signedHeaders`. */
  readonly headers?: readonly string[]
}

/**
 * What is signed by default: what RFC 6376 §5.4.1 advises, with both fields of one-click unsubscribing, which RFC 8058 §4
 * requires in `h=`, and Feedback-ID. nodemailer's own list lacks List-Unsubscribe-Post and Feedback-ID.
 */
export const signedHeaders: readonly string[] = [
  ...['From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'Cc', 'In-Reply-To', 'References'],
  ...['MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Auto-Submitted'],
  ...['List-ID', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Feedback-ID'],
]

/** Puts a DKIM-Signature before the mail. Throws `transport.config` at once where the key cannot sign. */
export function dkimSigner(options: DkimOptions): (mail: Buffer) => Promise<Buffer> {
  checkKey(options.privateKey)
  const dkim = new DKIM({
    domainName: options.domain,
    keySelector: options.selector,
    privateKey: options.privateKey,
    headerFieldNames: (options.headers ?? signedHeaders).join(':'),
  })
  return async (mail) => {
    const chunks: Buffer[] = []
    for await (const chunk of dkim.sign(mail)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
}

/** nodemailer sends unsigned mail where a key fails, without a word. */
function checkKey(privateKey: string): void {
  let type: string | undefined
  try {
    type = createPrivateKey(privateKey).asymmetricKeyType
  } catch {
    throw wrong('dkim.privateKey', 'It is not a private key in PEM form.')
  }
  if (type !== 'rsa') throw wrong('dkim.privateKey', 'It must be an RSA key.')
}
