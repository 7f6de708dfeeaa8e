import type { StorageTransaction } from '@tobiishi/core/ports'
import type { SqlBuilder } from './sql-builder.ts'
import { assignmentVerbs } from './verbs/assignments.ts'
import { broadcastVerbs } from './verbs/broadcasts.ts'
import { callVerbs } from './verbs/calls.ts'
import { consentVerbs } from './verbs/consents.ts'
import { contactVerbs } from './verbs/contacts.ts'
import { enrolmentVerbs } from './verbs/enrolments.ts'
import { eventVerbs } from './verbs/events.ts'
import { inboxVerbs } from './verbs/inbox.ts'
import { jobVerbs } from './verbs/jobs.ts'
import { messageVerbs } from './verbs/messages.ts'
import { queueVerbs } from './verbs/queue.ts'
import { reportVerbs } from './verbs/reports.ts'
import { scenarioVerbs } from './verbs/scenarios.ts'
import { schemaVerbs } from './verbs/schema.ts'
import { segmentVerbs } from './verbs/segments.ts'
import { suppressionVerbs } from './verbs/suppressions.ts'
import { templateVerbs } from './verbs/templates.ts'
import { watchVerbs } from './verbs/watches.ts'

/** Every verb of the port for one dialect. Made once a storage: the statements inside are compiled at their first use. */
export const createVerbs = (b: SqlBuilder): StorageTransaction => ({
  contacts: contactVerbs(b),
  consents: consentVerbs(b),
  suppressions: suppressionVerbs(b),
  inbox: inboxVerbs(b),
  events: eventVerbs(b),
  scenarios: scenarioVerbs(b),
  templates: templateVerbs(b),
  enrolments: enrolmentVerbs(b),
  messages: messageVerbs(b),
  queue: queueVerbs(b),
  watches: watchVerbs(b),
  calls: callVerbs(b),
  assignments: assignmentVerbs(b),
  jobs: jobVerbs(b),
  broadcasts: broadcastVerbs(b),
  segments: segmentVerbs(b),
  reports: reportVerbs(b),
  schema: schemaVerbs(b),
})
