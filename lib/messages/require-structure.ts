import type { Bundle } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { isObject } from '../json.ts'
import { FhirError, fail } from '../outcome.ts'
import { structuralProblems } from '../profiles/structure.ts'

/** What of a visit's surroundings is kept. */
export const RELATED = ['Condition', 'Coverage', 'Location', 'Organization', 'Practitioner', 'PractitionerRole']
/** What is looked at. */
const READ = ['MessageHeader', 'Encounter', 'Patient', ...RELATED]

/**
 * Sees to it that what is read of a message has the form of FHIR's JSON; codes and what else may be wrong with it are not looked at.
 * @throws FhirError invalid (400) for entries that are none, unprocessable (422) for resources
 */
export const requireStructure = async (bundle: Bundle): Promise<void> => {
  const entries: unknown = bundle.entry ?? []
  if (!Array.isArray(entries)) throw fail('invalid', 'The entries must be a JSON array.', 'Bundle.entry')
  for (const [index, entry] of entries.entries()) {
    const place = `Bundle.entry[${index}]`
    if (!isObject(entry)) throw fail('invalid', 'An entry must be a JSON object.', place)
    const { fullUrl, resource } = entry
    if (fullUrl !== undefined && typeof fullUrl !== 'string')
      throw fail('invalid', 'A fullUrl must be a JSON string.', `${place}.fullUrl`)
    if (resource === undefined) continue
    if (!isObject(resource) || typeof resource.resourceType !== 'string')
      throw fail('invalid', 'A resource must be a JSON object with a resourceType.', `${place}.resource`)
    if (!READ.includes(resource.resourceType)) continue
    const problems = await structuralProblems(resource as Resource)
    const misshapen = problems.filter(({ code }) => code === 'structure')
    if (misshapen.length) throw new FhirError('unprocessable', misshapen).at(place)
  }
}
