import { GetAccountCommand, type SESv2Client } from '@aws-sdk/client-sesv2'
import { TobiishiError } from '@tobiishi/core'

/** Asks SES for the account (permission `ses:GetAccount`): is it there, do the credentials hold, may it send? */
export async function verifyAccount(client: SESv2Client, maxCallMs: number): Promise<void> {
  const isEnabled = await client
    .send(new GetAccountCommand({}), { abortSignal: AbortSignal.timeout(maxCallMs) })
    .then(({ SendingEnabled }) => SendingEnabled, explain)
  if (isEnabled === false) {
    throw new TobiishiError('transport.config', 'Amazon SES has paused sending for this account: see its console.')
  }
}

function explain(cause: unknown): never {
  const { name, $metadata } = cause as { readonly name?: string; readonly $metadata?: { readonly httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode
  const details = { name, status }
  if (name === 'CredentialsProviderError' || (status !== undefined && status >= 400 && status < 500 && status !== 429)) {
    const message = `Amazon SES refused the request (${name}): check credentials, region and the permissions ses:SendEmail and ses:GetAccount.`
    throw new TobiishiError('transport.config', message, { cause, details })
  }
  const message = 'Amazon SES cannot be reached: check region, endpoint and network.'
  throw new TobiishiError('transport.failed', message, { isRetryable: true, cause, details })
}
