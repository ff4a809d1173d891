import type { Task } from 'fhir/r4'
import ical, {
  escape as escapeText,
  foldLines,
  formatDate,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator'
import type { Instant } from '../../fhir.ts'
import type { Notification } from './notification.ts'

/** A piece of work in somebody's calendar. */
export interface CalendarEntry extends Notification {
  due: Instant
  /** opaque, the same for a Task always */
  uid: string
  /** which version of the Task it shows, from 1 */
  version: number
  /** when that was written */
  updated: Instant
  state: 'asked' | 'accepted' | 'begun'
  priority: NonNullable<Task['priority']>
}

/** An event that ends when the work is due, as long as people see it. */
const EVENT_MS = 30 * 60_000
const REFRESH_SECONDS = 15 * 60

/** https://www.rfc-editor.org/rfc/rfc5545#section-3.8.1.9: 1 is the most urgent */
const PRIORITIES: Readonly<Record<CalendarEntry['priority'], number>> = { stat: 1, asap: 2, urgent: 3, routine: 5 }

const summaryOf = ({ ref, due }: CalendarEntry, timeZone: string): string => {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return `Task ${ref}, due ${time.format(new Date(due))}`
}

const utc = (instant: Instant): string => formatDate(null, new Date(instant))

/**
 * One VTODO. ical-generator has none; its own folding and escaping are used, and no more is written here than this component needs.
 * https://www.rfc-editor.org/rfc/rfc5545#section-3.6.2
 */
const todoOf = (entry: CalendarEntry, timeZone: string): string[] => [
  'BEGIN:VTODO',
  `UID:${entry.uid}-todo`,
  `SEQUENCE:${entry.version - 1}`,
  `DTSTAMP:${utc(entry.updated)}`,
  `LAST-MODIFIED:${utc(entry.updated)}`,
  `DUE:${utc(entry.due)}`,
  `SUMMARY:${escapeText(summaryOf(entry, timeZone), false)}`,
  `PRIORITY:${PRIORITIES[entry.priority]}`,
  `STATUS:${entry.state === 'begun' ? 'IN-PROCESS' : 'NEEDS-ACTION'}`,
  ...(entry.deepLink ? [`URL;VALUE=URI:${entry.deepLink}`] : []),
  'END:VTODO',
]

/**
 * The calendar of somebody's open work as RFC 5545 text: for each piece a VEVENT, which all calendars show, and a VTODO, which task lists do.
 * The same entries always give the same text. Pure. @param timeZone for times that people read, IANA name
 */
export const iCalendarOf = (entries: readonly CalendarEntry[], timeZone: string): string => {
  const calendar = ical({
    prodId: { company: 'Careloop', product: 'Tasks', language: 'EN' },
    name: 'Tasks',
    ttl: REFRESH_SECONDS,
    method: ICalCalendarMethod.PUBLISH,
  })
  for (const entry of entries)
    calendar.createEvent({
      id: `${entry.uid}-event`,
      sequence: entry.version - 1,
      stamp: new Date(entry.updated),
      lastModified: new Date(entry.updated),
      start: new Date(Date.parse(entry.due) - EVENT_MS),
      end: new Date(entry.due),
      summary: summaryOf(entry, timeZone),
      priority: PRIORITIES[entry.priority],
      status: entry.state === 'asked' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
      // It takes no time of the day: the work may be done whenever.
      transparency: ICalEventTransparency.TRANSPARENT,
      ...(entry.deepLink && { url: entry.deepLink }),
    })
  const text = calendar.toString()
  const todos = entries.flatMap((entry) => todoOf(entry, timeZone))
  return text.replace(/END:VCALENDAR\s*$/, `${todos.map((line) => `${foldLines(line)}\r\n`).join('')}END:VCALENDAR\r\n`)
}
