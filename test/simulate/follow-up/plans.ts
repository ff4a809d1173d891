import type { CarePlan, Task, Timing } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { isOpen } from '../../../lib/pathways/due.ts'
import { localDate } from '../expected.ts'
import { type Note, referenceOf } from '../promises.ts'
import type { Random } from '../random.ts'
import { DAY_MINUTES, type Ending, type Stage, type Story, someTime } from './story.ts'

const RECURRENCE = 'https://careloop.dev/fhir/StructureDefinition/recurrence'
const HAS_PLAN = 0.05
const ENDED = 0.25

type Rhythm = 'every day' | 'every week' | 'every month' | 'tue and thu'

const TIMINGS: Readonly<Record<Rhythm, Timing>> = {
  'every day': { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
  'every week': { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } },
  'every month': { repeat: { frequency: 1, period: 1, periodUnit: 'mo' } },
  'tue and thu': { repeat: { frequency: 2, period: 1, periodUnit: 'wk', dayOfWeek: ['tue', 'thu'] } },
}
const RHYTHMS = Object.keys(TIMINGS) as Rhythm[]
const TUESDAY = 2
const THURSDAY = 4
const DAYS_A_WEEK = 7

/** A plan as its author knows it. */
interface Plan {
  id: string
  /** local date from which is counted */
  start: string
  rhythms: readonly Rhythm[]
  ended?: Temporal.Instant
}

/** The local dates of a rhythm from its anchor to `until`, found by asking of each day whether it is one. */
export const datesOf = (rhythm: Rhythm, anchor: string, until: string): string[] => {
  const first = Temporal.PlainDate.from(anchor)
  const dates: string[] = []
  for (let day = first; Temporal.PlainDate.compare(day, until) <= 0; day = day.add({ days: 1 }))
    if (isOneOf(rhythm, first, day)) dates.push(day.toString())
  return dates
}

const isOneOf = (rhythm: Rhythm, first: Temporal.PlainDate, day: Temporal.PlainDate): boolean => {
  if (rhythm === 'every day') return true
  if (rhythm === 'every week') return first.until(day).days % DAYS_A_WEEK === 0
  if (rhythm === 'every month') return day.day === Math.min(first.day, day.daysInMonth)
  return day.dayOfWeek === TUESDAY || day.dayOfWeek === THURSDAY
}

const carePlanOf = ({ id, start, rhythms }: Plan, patientId: string, status: CarePlan['status']): CarePlan => ({
  resourceType: 'CarePlan',
  id,
  status,
  intent: 'plan',
  subject: { reference: `Patient/${patientId}` },
  period: { start },
  activity: rhythms.map((rhythm) => ({
    id: rhythm.replaceAll(' ', '-'),
    detail: { status: 'scheduled', description: descriptionOf(rhythm), scheduledTiming: TIMINGS[rhythm] },
  })),
})

const descriptionOf = (rhythm: Rhythm): string => `Check-in, ${rhythm}`

const sequenceOf = ({ extension = [] }: Task): number | undefined =>
  extension.find(({ url }) => url === RECURRENCE)?.extension?.find(({ url }) => url === 'sequence')?.valuePositiveInt

interface Notes {
  once: Note
  exact: Note
  there: Note
  over: Note
}

/** Plans with activities that recur, some of which people end before their time. */
export const createPlans = (stage: Stage): Story => {
  const plans: (Plan & { patientId: string })[] = []
  const { timeZone } = stage.tenant.careloop.tenant

  const begin = (random: Random, patientId: string): void => {
    if (!random.chance(HAS_PLAN)) return
    const at = someTime(random, stage)
    const rhythms = random.shuffled(RHYTHMS).slice(0, random.between(1, 2))
    const endsAt = random.chance(ENDED) ? at.add({ minutes: random.between(1, 40 * DAY_MINUTES) }) : undefined
    const plan: Plan & { patientId: string } = {
      id: `plan-${patientId}`,
      patientId,
      start: localDate(at, timeZone),
      rhythms,
    }
    stage.agenda.put(at, async () => {
      plans.push(plan)
      await stage.tell(carePlanOf(plan, patientId, 'active'))
    })
    if (endsAt)
      stage.agenda.put(endsAt, async () => {
        plan.ended = endsAt
        await stage.tell(carePlanOf(plan, patientId, random.pick(['completed', 'revoked'])), '?cascade=close')
      })
  }

  const checkRhythm = (plan: Plan, rhythm: Rhythm, tasks: readonly Task[], now: string, notes: Notes): void => {
    const reference = `CarePlan/${plan.id} ${rhythm}`
    const until = Temporal.PlainDate.from(localDate(Temporal.Instant.from(now), timeZone)).add({ days: 40 })
    const dates = datesOf(rhythm, plan.start, until.toString())
    const sequences = tasks.map(sequenceOf)
    notes.once(reference, new Set(sequences).size === sequences.length)
    for (const task of tasks)
      notes.exact(referenceOf(task), task.restriction?.period?.start?.slice(0, 10) === dates[sequenceOf(task)! - 1])
    if (plan.ended) notes.over(reference, !tasks.some(isOpen))
    else {
      const today = localDate(Temporal.Instant.from(now), timeZone)
      const begun = dates.filter((date) => date <= today).length
      notes.there(
        reference,
        Array.from({ length: begun }, (_, index) => index + 1).every((n) => sequences.includes(n)),
      )
    }
  }

  return {
    begin,
    async check({ tenant, tasks, dead, promises }: Ending): Promise<void> {
      const notes: Notes = {
        once: promises.check('No occurrence of a recurring activity is there twice'),
        exact: promises.check('Every occurrence is on its day, however late the ones before it were done'),
        there: promises.check('Every occurrence that has begun has its Task'),
        over: promises.check('Nothing recurs once the plan is over'),
      }
      const reviewed = promises.check('Every active plan of people has one open review')
      const ofPlan = Map.groupBy(tasks, ({ basedOn = [] }) => basedOn[0]?.reference ?? '')
      for (const plan of plans) {
        const all = ofPlan.get(`CarePlan/${plan.id}`) ?? []
        const occurrences = Map.groupBy(all.filter(sequenceOf), ({ description }) => description)
        // What becomes of plans after death is for people to say.
        if (dead.has(plan.patientId)) continue
        for (const rhythm of plan.rhythms)
          checkRhythm(plan, rhythm, occurrences.get(descriptionOf(rhythm)) ?? [], tenant.now, notes)
        const reviews = all.filter(({ code }) => code?.coding?.[0]?.code === 'careplan-review')
        reviewed(`CarePlan/${plan.id}`, reviews.filter(isOpen).length === (plan.ended ? 0 : 1))
      }
    },
    told: () => [
      ['plans with recurring activities', plans.length],
      ['of them ended', plans.filter(({ ended }) => ended).length],
    ],
  }
}
