import type { JsonObject } from '../json.ts'

/** What a property means, by its name, or by `kind.name` where it means something else there. */
const properties: { readonly [name: string]: string } = {
  // The scenario.
  format: 'Format of this JSON.',
  name: 'Name by which the app and reports know it.',
  version: 'Whole number; raised with every change, since a published version never changes.',
  trigger: 'What starts it; null: only enrol, or a go-to of another scenario.',
  exitOn: 'Names of events that end it.',
  exitWhen: 'Name of the segment that ends it as soon as the contact is in it; null: none.',
  goal: 'What it is for: reached, the enrolment ends with the reason goal; null: none.',
  reentry: 'Who may enter again.',
  window: 'When mail may go out, in the zone of the contact; null: at any time.',
  maxEventAge: 'Milliseconds; an older event or date starts nothing. In code 24 hours by default.',
  minGap:
    'Milliseconds that two mails stay apart after an outage, or as far as they were planned if that is less. In code 12 hours by default.',
  priority: 'Who goes first where a cap is short: the higher. In code 0 by default.',
  inFlight: 'What publishing does to those in older versions: they finish there, go to the step of the same id here, or end.',
  successors:
    'With inFlight migrate: for steps that this version lacks, the step where those go who stand there; null completes them.',
  first: 'Id of the first step.',
  steps: 'The steps by their id; each has its id inside too.',
  segments: 'Conditions of the segments that are named, by name.',
  // Triggers and windows.
  'segment.on': 'Whether coming into the segment starts it, or leaving it.',
  'date.attribute': 'Attribute of the contact that is a date.',
  'date.days': 'Days after the date; negative before it.',
  'date.at': 'Time of day in the zone of the contact.',
  yearly: 'Every year, as birthdays; false: on the date itself.',
  leapDay: 'What 29 February is in other years.',
  'Scenario.days': 'Days on which it opens; business leaves out weekends and closed days.',
  'Scenario.from': 'Time of day at which it opens.',
  'Scenario.to': 'Time of day at which it closes, 24:00 for the end of the day; before from it goes over midnight.',
  'cooldown.ms': 'Milliseconds since the last entry.',
  // Steps.
  id: 'Id of the step, the same as its key; stored, so it keeps its meaning over versions.',
  next: 'Id of the step that follows; null: the end.',
  template: 'Name of the template.',
  props: 'Values of the props of the template, by name.',
  sendWithin: 'Milliseconds after its time for which the mail is still worth sending. In code 24 hours by default.',
  late: 'What becomes of a mail later than that: left out, sent all the same, or the enrolment ends.',
  urgent: 'Why transactional mail passes window, quiet hours and caps; null: it does not.',
  'wait.wait': 'How long.',
  from: 'What the wait counts from.',
  past: 'What to do when a wait from another anchor than previous was over before the contact came to it.',
  'wait-for.arms': 'What is waited for; the first that comes true decides.',
  'wait-for.on': 'What has to come true.',
  since: 'From when on events count: the entry, the planned time of the previous mail, or the arrival at this step.',
  'wait-for.timeout': 'How long it waits at most, and what follows then.',
  'wait-for.wait': 'How long at most, from the arrival.',
  'branch.on': 'What is asked when the contact comes here.',
  yes: 'Id of the step that follows if it is so; null: the end.',
  no: 'Id of the step that follows if it is not; null: the end.',
  experiment: 'Name under which the arm of a contact is written down; in code scenario:step by default.',
  'split.arms': 'The arms; who came into one stays in it.',
  'split.name': 'Name of the arm.',
  weight: 'Share, relative to the others; 0 lets nobody new in.',
  holdout: 'Those who walk the first arm without its mail; null: nobody.',
  until: 'Id of the step from which the holdout gets mail again; null: the end.',
  set: 'New values of attributes; null clears one.',
  add: 'Items to add to attributes that are lists.',
  remove: 'Items to take from attributes that are lists.',
  handler: 'Name of the function of the app.',
  payload: 'Values that the function gets, by name.',
  waits: 'Whether the contact stays until the call has succeeded or was given up.',
  'call.timeout': 'Milliseconds for one try. In code 30 seconds by default.',
  attempts: 'Tries before it is given up. In code 8 by default.',
  failed: 'Id of the step after a call that was given up; the same as next where it is not waited for.',
  scenario: 'Name of the other scenario.',
  'go-to.event': 'Values that the other scenario reads as its event, by name.',
  // Conditions.
  event: 'Name of the event.',
  where: 'Condition over the payload of the event; null or absent: any.',
  segment: 'Name of a segment of segments.',
  'mail.step': 'Id of the step that sent the mail.',
  fate: 'What became of it; opens and clicks are those of people.',
  link: 'With clicked: this link only, by its address in the template or its number; null: any.',
  // Waits and anchors.
  ms: 'Milliseconds that elapse.',
  months: 'Months of the calendar.',
  weeks: 'Weeks of the calendar.',
  days: 'Days of the calendar.',
  'business.days': 'Open days.',
  weekday: 'Sunday is 0.',
  at: 'Until this time of day in the zone of the contact; null: that of what it counts from.',
  attribute: 'Attribute of the contact.',
  type: 'Type of the attribute in the model.',
  within: 'Milliseconds.',
  // Expressions.
  value: 'The value.',
  scope: 'Payload of the event that started it.',
  path: 'Names of the fields, from the outermost.',
  fallback: 'What stands where the value is missing.',
  left: 'The one value.',
  right: 'The other value.',
  // Segments.
  of: 'What is joined or negated.',
  field: 'Attribute, or field of the payload.',
  operator: 'How it is compared.',
  'attribute.value': 'What it is compared with; none for isSet and isEmpty.',
  'event.within': 'Milliseconds back from now; absent: ever.',
  'message.within': 'Milliseconds back from now; absent: ever.',
  count: 'How often.',
  'event.value': 'How many times.',
  'message.value': 'How many mails.',
  did: 'What became of the mail.',
  'message.scenario': 'Only mail of this scenario; absent: any.',
  'message.step': 'Only mail of this step of the scenario; absent: any.',
  kind: 'Tells which it is.',
}

type Node = { readonly [key: string]: unknown }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The schema with a description at every property that it has. */
export const described = (schema: JsonObject): JsonObject => JSON.parse(JSON.stringify(withDescriptions(schema, '')))

const withDescriptions = (value: unknown, owner: string): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => withDescriptions(one, owner))
  if (!isNode(value)) return value
  const own = kindOf(value) ?? owner
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      if (key === 'properties' && isNode(child)) return [key, describedProperties(child, own)]
      if (key === '$defs' && isNode(child)) return [key, mapEntries(child, (part, name) => withDescriptions(part, name))]
      return [key, withDescriptions(child, own)]
    }),
  )
}

const describedProperties = (children: Node, owner: string): Node =>
  mapEntries(children, (child, name) => {
    const description = properties[`${owner}.${name}`] ?? properties[name]
    const inner = withDescriptions(child, owner)
    return description === undefined || !isNode(inner) ? inner : { description, ...inner }
  })

const mapEntries = (node: Node, change: (value: unknown, key: string) => unknown): Node =>
  Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value, key)]))

/** The word of `kind` of an object. */
const kindOf = ({ properties: own }: Node): string | null => {
  const kind = isNode(own) ? own.kind : undefined
  return isNode(kind) && typeof kind.const === 'string' ? kind.const : null
}
