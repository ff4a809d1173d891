import type { Observation } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type EventDetail, patientOf } from '../../events/contract.ts'
import type { Version } from '../../store/version.ts'
import { followPatient } from './follow-patient.ts'
import { recordScores } from './record-scores.ts'
import { possibleIds } from './survey-observations.ts'

const RESPONSE = /^QuestionnaireResponse\/([A-Za-z0-9\-.]{1,64})$/

const subjectOf = (version: Version | undefined): string | undefined =>
  version && !version.deleted ? patientOf(version.content.subject) : undefined

/** The responses whose totals an Observation may say otherwise. */
const responsesBehind = (version: Version | undefined): string[] => {
  if (!version || version.deleted) return []
  const { derivedFrom = [] } = version.content as unknown as Observation
  return derivedFrom.flatMap(({ reference }) => RESPONSE.exec(reference ?? '')?.[1] ?? [])
}

/** Whether it is what {@link recordScores} made and nobody has changed: whoever made it goes on to what follows. */
const isOurs = (version: Version | undefined): boolean =>
  version?.v === 1 &&
  version.type === 'Observation' &&
  responsesBehind(version).some((id) => possibleIds(`QuestionnaireResponse/${id}`).has(version.id))

/**
 * Scores what was answered and sees to what follows from it; the same for results that others have observed, and for what shows that
 * work was done. Looks at what is stored now: the event may be late, doubled or out of order.
 */
export const questionnaireAnswered = async (
  careloop: Careloop,
  { reference, version: v, patient }: EventDetail<'questionnaire-answered' | 'screening-recorded'>,
): Promise<string> => {
  const { store } = careloop
  const [type, id] = reference.split('/') as [string, string]
  const version = await store.read(type, id)
  if (isOurs(version)) return 'ours'
  const responses = type === 'QuestionnaireResponse' ? [id] : responsesBehind(version)
  const outcomes: string[] = []
  for (const response of responses) outcomes.push(await recordScores(careloop, response))
  // Whoever it was about before has to be looked at too.
  const former = v > 1 ? await store.vread(type, id, v - 1) : undefined
  const patients = new Set([patient, subjectOf(version), subjectOf(former)].flatMap((each) => each ?? []))
  for (const each of patients) outcomes.push(await followPatient(careloop, each))
  return outcomes.join() || 'nobody'
}
