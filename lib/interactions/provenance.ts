import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import { relativeReferences } from './bundle-links.ts'
import { requireValid } from './resource-body.ts'
import { submittedJson } from './submitted-json.ts'

const TYPE = 'Provenance'

/**
 * The create of the Provenance that X-Provenance holds, with the versions that the writes make as its targets.
 * https://hl7.org/fhir/R4/provenance.html#header
 * @throws FhirError malformed, invalid (400), unprocessable (422)
 */
export const provenanceWrite = async (
  { ids, tenant }: Pick<Careloop, 'ids' | 'tenant'>,
  { header, baseUrl }: { header: string; baseUrl: string },
  writes: readonly Write[],
): Promise<Write> => {
  const target = writes.map(({ type, id, base }) => ({
    reference: `${referenceTo(type, id)}/_history/${(base?.v ?? 0) + 1}`,
  }))
  const resource: Resource = { ...relativeReferences(provenanceIn(header), baseUrl), target }
  try {
    await requireValid({ tenant }, resource)
  } catch (error) {
    throw error instanceof FhirError ? inHeader(error) : error
  }
  return { type: TYPE, id: ids.next(), resource, method: 'POST' }
}

const provenanceIn = (header: string): Resource => {
  const resource = submittedJson(header, 'X-Provenance', TYPE) as Resource | undefined
  if (resource?.resourceType !== TYPE)
    throw fail('invalid', 'X-Provenance must hold a Provenance: JSON with this resourceType.', TYPE)
  if (resource.target !== undefined)
    throw fail(
      'invalid',
      'A Provenance in X-Provenance has no target: that is what this request writes.',
      `${TYPE}.target`,
    )
  return resource
}

const inHeader = ({ category, problems }: FhirError): FhirError =>
  new FhirError(
    category,
    problems.map((problem) => ({ ...problem, text: `In X-Provenance: ${problem.text}` })),
  )
