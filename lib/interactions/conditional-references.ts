import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { boundedly } from '../store/backoff.ts'
import { findUpToTwo, parseCriteria } from './criteria.ts'

/** `Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999` */
const CONDITIONAL = /^([A-Z][A-Za-z]*)\?(.*)$/s
const SEARCHES_AT_ONCE = 16

export const isConditional = (reference: string): boolean => CONDITIONAL.test(reference)

/**
 * Finds what conditional references mean; the map's values say where each was first met. Equal criteria are searched for once.
 * @throws FhirError preconditionFailed or multipleMatches (412) at that place
 */
export const resolveConditionalReferences = async (
  careloop: Careloop,
  references: ReadonlyMap<string, string>,
  baseUrl: string,
): Promise<Map<string, string>> => {
  const resolved = await boundedly([...references], SEARCHES_AT_ONCE, async ([reference, place]) => {
    const [, type = '', query = ''] = CONDITIONAL.exec(reference) ?? []
    return [reference, await find(careloop, { type, query, baseUrl, place })] as const
  })
  return new Map(resolved)
}

interface Sought {
  type: string
  query: string
  baseUrl: string
  /** in the Bundle */
  place: string
}

const find = async (careloop: Careloop, sought: Sought): Promise<string> => {
  const { type, place } = sought
  if (!declarations.has(type))
    throw fail('preconditionFailed', `${type} is not served here, so a conditional reference cannot find one.`, place)
  const [first, second] = await search(careloop, sought)
  if (!first)
    throw new FhirError('preconditionFailed', [
      {
        code: 'not-found',
        text: `The conditional reference finds no ${type}. Create it in advance.`,
        expression: place,
      },
    ])
  if (second)
    throw fail('multipleMatches', `The conditional reference finds more than one ${type}. Make it find one.`, place)
  return referenceTo(type, first.id)
}

const search = async (careloop: Careloop, { type, query, baseUrl, place }: Sought) => {
  try {
    return await findUpToTwo(careloop, parseCriteria(type, query, baseUrl))
  } catch (error) {
    if (!(error instanceof FhirError)) throw error
    throw new FhirError(
      error.category,
      error.problems.map((problem) => ({ ...problem, expression: place })),
    )
  }
}
