import type { Goal, Observation } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type EventSubject, patientOf } from '../../events/contract.ts'
import { idIn } from '../../fhir.ts'
import { followGoal } from './follow-goal.ts'
import { codesOf } from './measured-value.ts'

/** So many earlier versions of an Observation may have been about somebody, or something, else. */
const LOOK_BACK = 20

const measuresIn = ({ code, component = [] }: Observation): string[] =>
  [code, ...component.map((each) => each.code)].flatMap(codesOf)

/** Evaluates the Goals that an Observation is, or was, about: those of the patient with a target of its measure. */
export const goalMeasured = async (careloop: Careloop, { reference }: EventSubject): Promise<string> => {
  const { store, search } = careloop
  const { versions } = await store.history('Observation', idIn(reference), LOOK_BACK)
  const observations = versions
    .filter(({ deleted }) => !deleted)
    .map(({ content }) => content as unknown as Observation)
  const measures = new Set(observations.flatMap(measuresIn))
  const patients = new Set(observations.flatMap(({ subject }) => patientOf(subject) ?? []))
  const outcomes: string[] = []
  for (const patient of patients)
    for (const { id, content } of await search.all('Goal', `patient=${encodeURIComponent(patient)}`)) {
      const { target = [] } = content as unknown as Goal
      const isMeasured = target.some(({ measure }) => codesOf(measure).some((code) => measures.has(code)))
      if (isMeasured) outcomes.push(await followGoal(careloop, id))
    }
  return outcomes.join() || 'no-goal'
}
