import type { BackfillTally } from '../../tobiishi.ts'
import type { Admitted } from './admitted.ts'
import type { CandidatePage } from './candidate.ts'

export const emptyTally: BackfillTally = { matching: 0, entered: 0, alreadyIn: 0, endedSince: 0, entries: 0 }

/** The contacts of a page, each counted once: as entering if any of its occasions enters, else as kept out by re-entry if any was. */
export const tallyOf = ({ found, entering, alreadyIn }: CandidatePage & Admitted): BackfillTally => {
  const contactsOf = (candidates: readonly { readonly contactId: string }[]) =>
    new Set(candidates.map(({ contactId }) => contactId))
  const [all, entered] = [contactsOf(found), contactsOf(entering)]
  const keptOut = contactsOf(alreadyIn).difference(entered)
  return {
    matching: all.size,
    entered: entered.size,
    alreadyIn: keptOut.size,
    endedSince: all.size - entered.size - keptOut.size,
    entries: entering.length,
  }
}

export const addTally = (a: BackfillTally, b: BackfillTally): BackfillTally => ({
  matching: a.matching + b.matching,
  entered: a.entered + b.entered,
  alreadyIn: a.alreadyIn + b.alreadyIn,
  endedSince: a.endedSince + b.endedSince,
  entries: a.entries + b.entries,
})
