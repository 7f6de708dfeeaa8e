import type { BounceClass } from '../tracking/delivery-event.ts'
import type { Refusal } from './refusal.ts'

const spam =
  /\bspam|unsolicited|\bblocked\b|block ?list|black ?list|\brbl\b|dnsbl|\breputation|\bjunk\b|listed (at|in|by|on)|abus(e|ive)|迷惑メール/i

/** Whether the answer speaks of spam or of a block list. */
export const isSpamText = (text: string): boolean => spam.test(text)

const permanent: readonly (readonly [RegExp, BounceClass])[] = [
  [/quota|mailbox (is )?full|full mailbox|exceeded storage|insufficient (system )?storage|容量/i, 'mailbox-full'],
  [/\bsize\b|too (large|big|long)|attachment/i, 'message'],
  [
    /(host|domain)( name)?( is)? not (found|exist)|domain does(n't| not) exist|no such domain|unrouteable|null mx/i,
    'hard-bad-domain',
  ],
  [
    /unknown (user|recipient|mailbox|address|local)|(user|recipient|mailbox|address|account)( is)? (unknown|not found|invalid)|no such (user|recipient|mailbox|person|address|account)|invalid (recipient|mailbox)|does(n't| not) (exist|have an? \S+ account)|no mailbox|not a valid (user|recipient|mailbox)/i,
    'hard-unknown-user',
  ],
  [/(account|mailbox|user|recipient).*(disabled|suspended|inactive|deactivated|locked)/i, 'suspended'],
  [spam, 'spam-block'],
  [/\bspf\b|\bdkim\b|\bdmarc\b|authenticat|reverse dns|\bptr\b|policy|relay/i, 'policy'],
]

/** What the words mean where the status says nothing. Words make a refusal hard only if the code says that it is final. */
export const classByText = ({ code, text }: Refusal): BounceClass | null => {
  if (code !== null && code < 500) return null
  const found = permanent.find(([pattern]) => pattern.test(text))?.[1]
  if (found !== undefined) return found
  return code === 552 ? 'mailbox-full' : null
}
