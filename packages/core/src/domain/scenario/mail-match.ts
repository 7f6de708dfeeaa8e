import type { Instant } from '../time/instant.ts'
import type { MailMatch } from './scenario-definition.ts'
import type { MailFate, World } from './transition-contract.ts'
import type { Walk } from './walk.ts'

/** Whether a condition holds, and since when: null where that is not known. */
type Truth = { readonly holds: false } | { readonly holds: true; readonly since: Instant | null }

const earliest = (...instants: readonly (Instant | null)[]): Instant | null => {
  const known = instants.filter((instant) => instant !== null)
  return known.length === 0 ? null : Math.min(...known)
}

const truthOf = (since: Instant | null): Truth => (since === null ? { holds: false } : { holds: true, since })

/** Whether this became of a mail. A click is an open too, and what was read has arrived, whatever the provider said. */
const matchMail = ({ fate, link }: MailMatch, mail: MailFate): Truth => {
  switch (fate) {
    case 'sent': {
      // A mail that the server refused at the hand-over has bounced too, but never left.
      const bouncedAt = mail.state === 'failed' ? null : mail.bouncedAt
      const hasLeft = mail.state === 'sent' || earliest(mail.deliveredAt, mail.openedAt, mail.clickedAt, bouncedAt) !== null
      return hasLeft ? { holds: true, since: null } : { holds: false }
    }
    case 'delivered':
      return truthOf(earliest(mail.deliveredAt, mail.openedAt, mail.clickedAt))
    case 'opened':
      return truthOf(earliest(mail.openedAt, mail.clickedAt))
    case 'clicked': {
      if (link === null) return truthOf(mail.clickedAt)
      const isClicked = mail.links.some((one) => one.link === link || one.url === link)
      return isClicked ? { holds: true, since: null } : { holds: false }
    }
    case 'bounced':
      return truthOf(mail.bouncedAt)
  }
}

/** What became of the latest mail of the step. Of one that this very run plans nothing is known yet. */
export const mailTruth = (match: MailMatch, { effects }: Walk, { facts }: World): Truth => {
  const isOfThisRun = effects.some(
    (effect) => (effect.kind === 'queue' || effect.kind === 'skip') && effect.stepId === match.step,
  )
  const fate = isOfThisRun ? null : (facts.fate(match.step) ?? null)
  return fate === null ? { holds: false } : matchMail(match, fate)
}
