import { careloopFromEnvironment } from '../lib/environment.ts'
import { calendarApi } from '../lib/follow-up/feeds/calendar-api.ts'

/** Calendars, for programs that know nothing but an address. */
export const handler = calendarApi(careloopFromEnvironment())
