import type { Resource } from '../fhir.ts'
import { explainTask } from '../pathways/explain/explain-task.ts'
import { explanationParameters } from '../pathways/explain/explanation-parameters.ts'
import { wordsOf } from '../pathways/explain/words.ts'
import type { Interaction } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'

/** Why a Task is there, why it is due when it is, and what has been done to it: as Parameters, or in words alone. */
export const explain: Interaction = async (careloop, request) => {
  operationParameters(request, [])
  const { type, id, mediaType } = request
  const version = await careloop.store.read(type, id)
  if (!version) throw neverExisted(type)
  if (version.deleted) throw deleted(version)
  const explanation = await explainTask(careloop, version)
  const words = wordsOf(explanation)
  if (mediaType === 'text/plain') return { status: 200, text: `${words}\n`, mediaType: 'text/plain; charset=utf-8' }
  return { status: 200, resource: explanationParameters(explanation, words) as unknown as Resource }
}
