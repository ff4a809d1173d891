import type { Encounter } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { type Facility, facilities } from './facilities.ts'
import type { Random } from './random.ts'

/** What a hospital knows of one stay at one moment. */
export interface Stay {
  id: string
  patientId: string
  facility: Facility
  status: Encounter['status']
  /** v3-ActCode */
  class: 'IMP' | 'OBSENC' | 'EMER'
  admitted: Temporal.Instant
  discharged?: Temporal.Instant
  /** http://terminology.hl7.org/CodeSystem/discharge-disposition */
  disposition?: string
}

/** What a hospital tells of a stay, and when it does. */
export interface StayNotice {
  at: Temporal.Instant
  stay: Stay
}

const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * HOUR_MINUTES

/** The habits and mistakes of a hospital, as probabilities. */
const CHANCE = {
  emergency: 0.2,
  observation: 0.1,
  /** an emergency that turns into a stay */
  kept: 0.2,
  cancelled: 0.03,
  undone: 0.06,
  corrected: 0.1,
  late: 0.08,
  /** the discharge is the first that is heard */
  unannounced: 0.1,
  repeated: 0.15,
  onLeave: 0.02,
  next: 0.35,
  soonAgain: 0.6,
}

/** Most go home. */
const DISPOSITIONS = [...Array(15).fill('home'), 'alt-home', 'snf', 'rehab', 'exp', 'hosp'] as const

const later = (instant: Temporal.Instant, minutes: number): Temporal.Instant => instant.add({ minutes })

const classOf = (random: Random): Stay['class'] => {
  if (random.chance(CHANCE.emergency)) return 'EMER'
  return random.chance(CHANCE.observation) ? 'OBSENC' : 'IMP'
}

/** How long it takes until a message is on its way. */
const delay = (random: Random): number =>
  random.chance(CHANCE.late) ? random.between(2 * DAY_MINUTES, 9 * DAY_MINUTES) : random.between(0, 30)

/** All that a hospital tells of one stay, in the order in which it tells it, and when the stay really ended. */
const noticesOf = (random: Random, first: Stay): { notices: StayNotice[]; over: Temporal.Instant; dead: boolean } => {
  const notices: StayNotice[] = []
  const tell = (at: Temporal.Instant, stay: Stay) => {
    const before = notices.at(-1)?.at
    const after = before && Temporal.Instant.compare(at, before) <= 0 ? later(before, 1) : at
    notices.push({ at: after, stay })
  }
  const { admitted } = first
  let stay = first
  if (!random.chance(CHANCE.unannounced)) tell(later(admitted, random.between(0, 30)), stay)

  if (random.chance(CHANCE.cancelled)) {
    const at = later(admitted, random.between(HOUR_MINUTES, DAY_MINUTES))
    tell(at, { ...stay, status: 'cancelled' })
    return { notices, over: at, dead: false }
  }
  if (stay.class === 'EMER' && random.chance(CHANCE.kept)) {
    stay = { ...stay, class: 'IMP' }
    tell(later(admitted, random.between(HOUR_MINUTES, 10 * HOUR_MINUTES)), stay)
  }
  const length = stay.class === 'EMER' ? random.between(60, 720) : random.between(DAY_MINUTES, 9 * DAY_MINUTES)
  if (stay.class === 'IMP' && random.chance(CHANCE.onLeave))
    tell(later(admitted, Math.floor(length / 2)), { ...stay, status: 'onleave' })

  const end = (discharged: Temporal.Instant): Stay => ({
    ...stay,
    status: 'finished',
    discharged,
    disposition: random.pick(DISPOSITIONS),
  })
  stay = end(later(admitted, length))
  tell(later(stay.discharged!, delay(random)), stay)

  if (random.chance(CHANCE.undone)) {
    const { discharged, disposition, ...rest } = stay
    const undone = later(notices.at(-1)!.at, random.between(10, 12 * HOUR_MINUTES))
    tell(undone, { ...rest, status: 'in-progress' })
    stay = end(later(undone, random.between(HOUR_MINUTES, 3 * DAY_MINUTES)))
    tell(later(stay.discharged!, delay(random)), stay)
  }
  if (random.chance(CHANCE.corrected)) {
    const hours = random.pick([-30, -20, -3, 3, 20])
    const corrected = later(stay.discharged!, hours * HOUR_MINUTES)
    if (Temporal.Instant.compare(corrected, later(admitted, HOUR_MINUTES)) > 0) {
      stay = { ...stay, discharged: corrected }
      tell(later(notices.at(-1)!.at, random.between(HOUR_MINUTES, 2 * DAY_MINUTES)), stay)
    }
  }
  return { notices, over: stay.discharged!, dead: stay.disposition === 'exp' }
}

const withRepetitions = (random: Random, notices: readonly StayNotice[]): StayNotice[] =>
  notices.flatMap((notice, index) => {
    // What is said again later must not undo what was said since.
    const next = notices[index + 1]
    const again = later(notice.at, random.between(1, 5))
    const fits = !next || Temporal.Instant.compare(again, next.at) < 0
    return random.chance(CHANCE.repeated) && fits ? [notice, { ...notice, at: again }] : [notice]
  })

/**
 * What the hospitals tell of one patient's stays that begin within `days` days of `from`. A stay may be followed by another, often
 * within the thirty days of a readmission; nobody comes back after death.
 */
export const staysOf = (
  random: Random,
  { patientId, from, days }: { patientId: string; from: Temporal.Instant; days: number },
): StayNotice[] => {
  const notices: StayNotice[] = []
  const until = later(from, days * DAY_MINUTES)
  let admitted = later(from, random.between(0, days * DAY_MINUTES))
  for (let number = 1; Temporal.Instant.compare(admitted, until) < 0; number += 1) {
    const facility = random.pick(facilities)
    const stay: Stay = {
      id: `stay-${patientId}-${number}`,
      patientId,
      facility,
      status: 'in-progress',
      class: classOf(random),
      admitted,
    }
    const told = noticesOf(random, stay)
    notices.push(...withRepetitions(random, told.notices))
    if (told.dead || !random.chance(CHANCE.next)) break
    const gap = random.chance(CHANCE.soonAgain)
      ? random.between(DAY_MINUTES, 25 * DAY_MINUTES)
      : random.between(32 * DAY_MINUTES, 60 * DAY_MINUTES)
    const heard = notices.reduce(
      (latest, { at }) => (Temporal.Instant.compare(at, latest) > 0 ? at : latest),
      told.over,
    )
    admitted = later(random.chance(0.8) ? heard : told.over, gap)
  }
  return notices
}
