import type { Enrolment, EnrolmentMemory } from './enrolment.ts'

type Changes = { readonly [K in keyof EnrolmentMemory]?: EnrolmentMemory[K] | undefined }

/** The enrolment with parts of its memory changed; `undefined` forgets. The same object where nothing is to be forgotten or noted. */
export const remember = (enrolment: Enrolment, changes: Changes): Enrolment => {
  const before: Changes = enrolment.memory
  const keys = Object.keys(changes) as (keyof EnrolmentMemory)[]
  if (keys.every((key) => changes[key] === before[key])) return enrolment
  const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)
  return { ...enrolment, memory: Object.fromEntries(kept) }
}
