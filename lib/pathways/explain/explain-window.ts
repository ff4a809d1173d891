import type { Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Careloop } from '../../careloop.ts'
import { calendarOf } from '../calendar.ts'
import { businessCalendar } from '../codes.ts'
import { complianceEndOf, countedDue } from '../compliance-end.ts'
import { dateTimeIn, type LocalDate, localDateOf } from '../date-time.ts'
import { taskTimeZone } from '../task-time-zone.ts'
import type { Delay } from '../window.ts'
import type { Rule } from './explain-rule.ts'
import type { ExplainedWindow } from './explanation.ts'

const CALENDAR = businessCalendar('').url
const SATURDAY = 6
/** No window is longer; what a client writes may be. */
const MOST_DAYS = 1_100

const isBusinessTime = (delay: Delay | undefined): boolean => delay?.unit.startsWith('business') ?? false

/** Days after the anchor until the due date that are holidays. */
const holidaysBetween = (careloop: Careloop, from: LocalDate | undefined, to: LocalDate | undefined): LocalDate[] => {
  const calendar = calendarOf(careloop.tenant)
  const holidays: LocalDate[] = []
  if (!from || !to || from.until(to).days > MOST_DAYS) return holidays
  for (let day = from.add({ days: 1 }); Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 }))
    if (day.dayOfWeek < SATURDAY && !calendar.isBusinessDay(day)) holidays.push(day)
  return holidays
}

/** How a Task came by its due date; undefined when it has none. */
export const explainWindow = async (
  careloop: Careloop,
  task: Task,
  rule: Rule | undefined,
): Promise<ExplainedWindow | undefined> => {
  const period = task.restriction?.period
  if (!period?.end) return undefined
  const timeZone = await taskTimeZone(careloop, task)
  const counted = countedDue(task)
  const anchor = rule?.transition?.trigger.anchor.dateTime ?? (rule && period.start)
  const delay = rule?.step?.offset ?? rule?.step?.after?.offset
  const complianceEnd = rule && complianceEndOf(task, timeZone)
  const calendar = period.extension?.find(({ url }) => url === CALENDAR)?.valueString
  const { recurrence } = rule?.explained ?? {}
  const isOfFormer = recurrence?.anchor === 'floating' && recurrence.sequence > 1
  // A step that follows another is counted from its end, which is where its window begins; an occurrence begins later than that.
  const from = rule?.step?.after ? (recurrence ? undefined : period.start) : isOfFormer ? undefined : anchor
  return {
    ...(from && { anchor: from }),
    timeZone,
    ...(period.start && { start: period.start }),
    due: period.end,
    ...(delay && { delay }),
    ...(counted && counted !== period.end && { counted }),
    ...(complianceEnd && { complianceEnd: dateTimeIn(complianceEnd, timeZone) }),
    ...(calendar && { calendar }),
    holidays: isBusinessTime(delay)
      ? holidaysBetween(
          careloop,
          from === undefined ? undefined : localDateOf(from, timeZone),
          localDateOf(counted ?? period.end, timeZone),
        )
      : [],
  }
}
