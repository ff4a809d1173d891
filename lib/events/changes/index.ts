import { carePlan } from './care-plan.ts'
import type { ChangeRules } from './change-rules.ts'
import { communicationRequest } from './communication-request.ts'
import { encounter } from './encounter.ts'
import { facts } from './fact.ts'
import { goal } from './goal.ts'
import { observation } from './observation.ts'
import { patient } from './patient.ts'
import { questionnaireResponse } from './questionnaire-response.ts'
import { referralFacts } from './referral.ts'
import { withScreening } from './screening.ts'
import { task } from './task.ts'

/** The types whose changes are events, each with its rules; those that say more than that a fact was recorded come last. */
export const changeRules: ReadonlyMap<string, ChangeRules> = new Map(
  [
    ...facts,
    ...referralFacts,
    carePlan,
    communicationRequest,
    encounter,
    goal,
    observation,
    patient,
    questionnaireResponse,
    task,
  ].map((rules) => [rules.type, withScreening(rules)]),
)
