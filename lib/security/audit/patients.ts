import type { Resource } from '../../fhir.ts'
import { referenceTo } from '../../fhir.ts'
import type { Parameter } from '../../interactions/interaction.ts'
import { declarations } from '../../resources/index.ts'
import { elementsAt } from '../../search/elements.ts'
import { compartmentParameter } from '../../search/partitions.ts'
import { parseWantedReference, referenceOf } from '../../search/reference.ts'

const PATIENT = 'Patient'

/** `Patient/id` of those in whose compartment a resource is; a Patient is in their own. Pure. */
export const patientsOf = (resource: Readonly<Resource>): string[] => {
  const { resourceType: type, id } = resource
  const declaration = declarations.get(type)
  if (!declaration) return []
  const own = type === PATIENT && id !== undefined ? [referenceTo(type, id)] : []
  const referred = compartmentParameter(declaration).paths.flatMap(({ steps, datatype }) =>
    elementsAt(resource, steps).flatMap((element) => {
      const found = referenceOf(element, datatype)
      return found?.type === PATIENT && found.id !== undefined && found.url === undefined
        ? [referenceTo(PATIENT, found.id)]
        : []
    }),
  )
  return [...new Set([...own, ...referred])]
}

/** `Patient/id` of those that a search names by a parameter that means the patient, whether anything is found or not. Pure. */
export const patientsIn = (type: string, query: readonly Parameter[], baseUrl: string): string[] => {
  const codes = declarations.get(type)?.compartment ?? []
  return query.flatMap(([name, value]) => {
    const [code = '', modifier] = name.split(':')
    const isId = type === PATIENT && code === '_id'
    if ((modifier && modifier !== PATIENT) || !(isId || codes.includes(code))) return []
    return value.split(',').flatMap((each) => {
      const wanted = parseWantedReference(each, isId || code === 'patient' ? PATIENT : modifier, baseUrl)
      return wanted?.type === PATIENT && wanted.id !== undefined && wanted.url === undefined
        ? [referenceTo(PATIENT, wanted.id)]
        : []
    })
  })
}
