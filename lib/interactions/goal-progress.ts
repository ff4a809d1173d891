import type { Goal } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { progressOf, progressParameters } from '../follow-up/goals/progress.ts'
import { progressChart } from '../follow-up/goals/progress-chart.ts'
import { fail } from '../outcome.ts'
import { resourceOf } from '../store/version.ts'
import type { Interaction } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'

const SVG = 'image/svg+xml'

/**
 * How far a Goal has come: what was measured against its targets, as Parameters or as a picture.
 * @throws FhirError unprocessable (422) when nothing measured can be compared with the Goal
 */
export const goalProgress: Interaction = async (careloop, request) => {
  operationParameters(request, [])
  const { type, id, mediaType } = request
  const version = await careloop.store.read(type, id)
  if (!version) throw neverExisted(type)
  if (version.deleted) throw deleted(version)
  const progress = await progressOf(careloop, resourceOf(version) as unknown as Goal)
  if (!progress)
    throw fail(
      'unprocessable',
      'Nothing that is measured can be compared with this Goal: it needs a patient as its subject, and a target with a coded measure and a detail.',
      'Goal.target',
    )
  const { timeZone } = careloop.tenant
  if (mediaType !== SVG) return { status: 200, resource: progressParameters(progress, timeZone) as unknown as Resource }
  const text = progressChart(progress, timeZone)
  if (text === undefined)
    throw fail('unprocessable', 'None of the targets of this Goal is a number: ask for JSON.', 'Goal.target')
  return { status: 200, text, mediaType: `${SVG}; charset=utf-8` }
}
