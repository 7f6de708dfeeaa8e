import type { EngineTheme } from '../engine-world.ts'
import { actingOnMailCases } from './acting-on-mail.ts'
import { anchorCases } from './anchors.ts'
import { awaitingCases } from './awaiting.ts'
import { backfillCases } from './backfilling.ts'
import { businessDayCases } from './business-days.ts'
import { calendarDayCases } from './calendar-days.ts'
import { callingCases } from './calling.ts'
import { capCases } from './caps.ts'
import { changedDateCases } from './changed-dates.ts'
import { changeCases } from './changes.ts'
import { dailyCourseCases } from './daily-course.ts'
import { dateCases } from './dates.ts'
import { disorderCases } from './disorder.ts'
import { editingCases } from './editing.ts'
import { endingCases } from './ending.ts'
import { insightCases } from './insight.ts'
import { interplayCases } from './interplay.ts'
import { lastMailCases } from './last-mail.ts'
import { lateMailCases } from './late-mail.ts'
import { livingCases } from './living.ts'
import { loopCases } from './loops.ts'
import { movingInCases } from './moving-in.ts'
import { ownTransactionCases } from './own-transactions.ts'
import { pastAnchorCases } from './past-anchors.ts'
import { pausingCases } from './pausing.ts'
import { peopleCases } from './people.ts'
import { priorityCases } from './priorities.ts'
import { quietHourCases } from './quiet-hours.ts'
import { reentryCases } from './reentry.ts'
import { showingOutCases } from './showing-out.ts'
import { splittingCases } from './splitting.ts'
import { stepCases } from './steps.ts'
import { textCases } from './texts.ts'
import { triggerCases } from './triggers.ts'
import { windowCases } from './windows.ts'

/** The rules of scenarios (design §5), a theme each. */
export const scenarioThemes: Readonly<Record<string, EngineTheme>> = {
  'n days later at 09:00': calendarDayCases,
  'weekdays and business days': businessDayCases,
  windows: windowCases,
  'month ends, birthdays and dates': dateCases,
  anchors: anchorCases,
  'anchors in the past': pastAnchorCases,
  'changes while waiting': changeCases,
  'dates that change under queued mail': changedDateCases,
  'contacts who are there already': backfillCases,
  'editing a live scenario': editingCases,
  'texts and props': textCases,
  'moving in': movingInCases,
  'pause and resume': pausingCases,
  'late mail': lateMailCases,
  'a daily course after an outage': dailyCourseCases,
  'entering again': reentryCases,
  'waiting for an event': awaitingCases,
  'exit and goal': endingCases,
  'duplicates and disorder': disorderCases,
  'frequency caps': capCases,
  'a last mail that waits': lastMailCases,
  priority: priorityCases,
  'quiet hours': quietHourCases,
  splits: splittingCases,
  'merge and erase': peopleCases,
  'calling the app': callingCases,
  loops: loopCases,
  triggers: triggerCases,
  'acting on mail': actingOnMailCases,
  'updates, ways and ends': stepCases,
  'life of a scenario': livingCases,
  'everybody is shown out': showingOutCases,
  'rules that meet': interplayCases,
  'explanations, forecasts and diagrams': insightCases,
  "the app's own transactions": ownTransactionCases,
}
