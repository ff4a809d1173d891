import { instantOf } from '../../clock.ts'
import type { Instant } from '../../fhir.ts'
import { ACUITY_WEIGHTS, type Acuity, type Assessed } from './acuity.ts'

const DAY_MS = 86_400_000
/** Work that is due within this counts. */
const DUE_WITHIN_DAYS = 7
/** So long a case is new, and takes one more. */
const NEW_FOR_DAYS = 30
const NEW_CASE = 1
const TENTHS_A_TASK = 1

/** A patient whom somebody looks after. */
export interface Case extends Assessed {
  /** `Patient/id` */
  patient: string
  /** when it began, as far as is known */
  since?: Instant
}

/** An open Task of somebody. */
export interface OpenWork {
  /** `Task/id` */
  reference: string
  due?: Instant
}

/** What somebody has to carry, and what it is made up of. */
export interface Load {
  total: number
  /** the weights of the cases */
  acuity: number
  /** 0.1 for each open Task that is due within 7 days or overdue */
  tasks: number
  /** 1 for each case of the last 30 days */
  newCases: number
  counts: Readonly<Record<Acuity | 'new' | 'open' | 'dueSoon' | 'overdue', number>>
}

export const isNew = ({ since }: Case, now: Instant): boolean =>
  since !== undefined && Date.parse(now) - Date.parse(since) < NEW_FOR_DAYS * DAY_MS

/** What a case weighs, alone. */
export const weightOf = (one: Case, now: Instant): number =>
  ACUITY_WEIGHTS[one.acuity] + (isNew(one, now) ? NEW_CASE : 0)

/** The load of somebody with these cases and this open work, in points. Pure; one more case or Task never makes it less. */
export const loadOf = (cases: readonly Case[], work: readonly OpenWork[], now: Instant): Load => {
  const of = (acuity: Acuity): number => cases.filter((one) => one.acuity === acuity).length
  const soon = instantOf(Date.parse(now) + DUE_WITHIN_DAYS * DAY_MS)
  const counts = {
    low: of('low'),
    moderate: of('moderate'),
    high: of('high'),
    crisis: of('crisis'),
    new: cases.filter((one) => isNew(one, now)).length,
    open: work.length,
    dueSoon: work.filter(({ due }) => due !== undefined && due <= soon).length,
    overdue: work.filter(({ due }) => due !== undefined && due <= now).length,
  }
  const acuity = cases.reduce((sum, one) => sum + ACUITY_WEIGHTS[one.acuity], 0)
  const newCases = NEW_CASE * counts.new
  // In tenths, which add up exactly.
  const tenths = TENTHS_A_TASK * counts.dueSoon
  return { total: ((acuity + newCases) * 10 + tenths) / 10, acuity, tasks: tenths / 10, newCases, counts }
}
