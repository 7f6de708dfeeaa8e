import type { EngineTheme } from '../engine-world.ts'
import { anchorCases } from './anchors.ts'
import { awaitingCases } from './awaiting.ts'
import { backfillCases } from './backfilling.ts'
import { businessDayCases } from './business-days.ts'
import { calendarDayCases } from './calendar-days.ts'
import { changeCases } from './changes.ts'
import { dateCases } from './dates.ts'
import { disorderCases } from './disorder.ts'
import { editingCases } from './editing.ts'
import { endingCases } from './ending.ts'
import { movingInCases } from './moving-in.ts'
import { pastAnchorCases } from './past-anchors.ts'
import { pausingCases } from './pausing.ts'
import { reentryCases } from './reentry.ts'
import { textCases } from './texts.ts'
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
  'contacts who are there already': backfillCases,
  'editing a live scenario': editingCases,
  'texts and props': textCases,
  'moving in': movingInCases,
  'pause and resume': pausingCases,
  'entering again': reentryCases,
  'waiting for an event': awaitingCases,
  'exit and goal': endingCases,
  'duplicates and disorder': disorderCases,
}
