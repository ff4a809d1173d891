import type { CodeSystem, ValueSet } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { InteractionRequest } from '../interactions/interaction.ts'
import type { OperationParameters } from '../interactions/operation-parameters.ts'
import { type FhirError, fail } from '../outcome.ts'
import type { TerminologySources } from './expand.ts'
import { readDefinition } from './read-definition.ts'
import { withId } from './sources.ts'

/** The only value, or none. @throws FhirError invalid (400) when it is there twice */
export const textOf = ({ texts }: OperationParameters, wanted: string): string | undefined => {
  const [found, ...more] = texts.filter(([name]) => name === wanted).map(([, value]) => value)
  if (more.length) throw fail('invalid', `${wanted} can be given once.`, 'Parameters.parameter')
  return found
}

const unknown = (type: string): FhirError =>
  fail('notFound', `This ${type} is not known here; PUT it as a ${type}, and name it by its url or its id.`)

const canonicalOf = (url: string, version: string | undefined): string =>
  version === undefined || url.includes('|') ? url : `${url}|${version}`

/**
 * The value set that a request names: by the id in its path, by `url` (and `valueSetVersion`), or as it stands in the body.
 * @throws FhirError invalid (400), notFound (404), unprocessable (422)
 */
export const namedValueSet = async (
  careloop: Careloop,
  { id }: InteractionRequest,
  parameters: OperationParameters,
  sources: TerminologySources,
): Promise<ValueSet> => {
  const url = textOf(parameters, 'url')
  const given = parameters.element('valueSet')
  if ([id || undefined, url, given].filter((one) => one !== undefined).length !== 1)
    throw fail('invalid', 'Name one value set: ValueSet/[id] in the path, or url, or valueSet in the body.')
  if (given !== undefined) return readDefinition('ValueSet', given)
  const found = id
    ? await withId(careloop, 'ValueSet', id)
    : await sources.valueSet(canonicalOf(url!, textOf(parameters, 'valueSetVersion')))
  if (!found) throw unknown('ValueSet')
  return found
}

/** @throws FhirError notFound (404) */
export const namedCodeSystem = async (
  { codeSystem }: TerminologySources,
  url: string,
  version: string | undefined,
): Promise<CodeSystem> => {
  const found = await codeSystem(canonicalOf(url, version))
  if (!found) throw unknown('CodeSystem')
  return found
}
