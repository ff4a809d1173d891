import type { ResourceDeclaration } from '../resources/declaration.ts'
import { compartmentPartition, compartmentPrefix, valuePartition } from '../store/keys.ts'
import { locationOf } from './elements.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import { isLiteral, type ReferenceValue } from './reference.ts'
import { searchParameters } from './search-parameters.ts'

/**
 * Which lists hold the resources with a value: asked by who writes the rows (postings) and by who reads them (drivers), so that the
 * two cannot come to differ.
 */
export interface Partition {
  pk: string
  prefix: string
}

const PATIENT = 'Patient'

const locations = new WeakMap<ResourceDeclaration, ReadonlySet<string>>()

/** The places of a resource at which a Patient puts it into that patient's compartment. */
const compartmentLocations = (declaration: ResourceDeclaration): ReadonlySet<string> => {
  const known = locations.get(declaration)
  if (known) return known
  const parameters = searchParameters(declaration)
  const paths = declaration.compartment.flatMap((code) => {
    const parameter = parameters.get(code)
    if (!parameter) throw new Error(`${declaration.type} has ${code} in its compartment, which is not declared`)
    return parameter.paths
  })
  const found = new Set(
    paths.filter(({ datatype, only }) => isLiteral(datatype) && (!only || only === PATIENT)).map(locationOf),
  )
  locations.set(declaration, found)
  return found
}

export const compartmentOf = (declaration: ResourceDeclaration, patientId: string): Partition => ({
  pk: compartmentPartition(patientId),
  prefix: compartmentPrefix(declaration.type),
})

export const identifierList = (
  declaration: ResourceDeclaration,
  parameter: SearchParameter,
  value: string,
): Partition => ({
  pk: valuePartition(declaration.type, parameter.code, value),
  prefix: '',
})

/** For a canonical or another URI: `url` is without a version. */
export const uriList = (declaration: ResourceDeclaration, parameter: SearchParameter, url: string): Partition => ({
  pk: valuePartition(declaration.type, parameter.code, url),
  prefix: '',
})

/**
 * For a literal reference at `path`. A local Patient shares one list per type, the compartment's, where the place puts it there. An
 * absolute reference stands in the list of the local one of its type and id: the same server may be known by several addresses, and
 * what a row leads to is matched in any case. It never opens a compartment, since another server's id says nothing of our patient.
 */
export const referenceList = (
  declaration: ResourceDeclaration,
  parameter: SearchParameter,
  path: ElementPath,
  { type, id, url }: Pick<ReferenceValue, 'type' | 'id' | 'url'>,
): Partition | undefined => {
  if (type === undefined || id === undefined)
    return url === undefined ? undefined : { pk: valuePartition(declaration.type, parameter.code, url), prefix: '' }
  if (type === PATIENT && url === undefined && compartmentLocations(declaration).has(locationOf(path)))
    return compartmentOf(declaration, id)
  return { pk: valuePartition(declaration.type, parameter.code, `${type}/${id}`), prefix: '' }
}
