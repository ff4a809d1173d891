import type { Goal } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { codeOf, patientOf } from '../contract.ts'
import type { ChangeRules } from './change-rules.ts'

const asGoal = (resource: Resource | undefined): Partial<Goal> => (resource ?? {}) as Partial<Goal>

/** All of a Goal that its evaluation goes by. */
const circumstances = (resource: Resource | undefined): string => {
  const { lifecycleStatus, startDate, target, subject, achievementStatus, statusDate } = asGoal(resource)
  return JSON.stringify([lifecycleStatus, startDate, target, subject, achievementStatus, statusDate])
}

/** https://hl7.org/fhir/R4/goal.html */
export const goal: ChangeRules = {
  type: 'Goal',
  patient: (resource) => patientOf(asGoal(resource).subject),
  changed(before, after) {
    if (circumstances(before) === circumstances(after)) return []
    return [{ name: 'goal-changed', state: { status: codeOf(asGoal(after).lifecycleStatus) } }]
  },
  struck: (resource) => [{ name: 'goal-clock-struck', state: { status: codeOf(asGoal(resource).lifecycleStatus) } }],
}
