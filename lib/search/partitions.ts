import type { ResourceDeclaration } from '../resources/declaration.ts'
import {
  compartmentPartition,
  compartmentPrefix,
  listingPartition,
  recordPartition,
  valuePartition,
} from '../store/keys.ts'
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
  /** open resources come before all others */
  parted?: boolean
  /** urgent ones come once more before them, the most urgent first */
  urgentFirst?: boolean
}

const PATIENT = 'Patient'
/** What a declaration calls the list of a patient's compartment. */
const COMPARTMENT = 'patient'

const isParted = ({ order }: ResourceDeclaration, code: string): boolean => order?.open?.lists.includes(code) ?? false

/** The places of a resource at which a Patient puts it into that patient's compartment. */
interface Compartment {
  parameter: SearchParameter
  locations: ReadonlySet<string>
}

const compartments = new WeakMap<ResourceDeclaration, Compartment>()

const compartmentIn = (declaration: ResourceDeclaration): Compartment => {
  const known = compartments.get(declaration)
  if (known) return known
  const parameters = searchParameters(declaration)
  const declared = declaration.compartment.flatMap((code) => {
    const parameter = parameters.get(code)
    if (!parameter) throw new Error(`${declaration.type} has ${code} in its compartment, which is not declared`)
    return parameter.paths
  })
  const paths = declared.filter(({ datatype, only }) => isLiteral(datatype) && (!only || only === PATIENT))
  const found: Compartment = {
    parameter: { code: 'compartment', type: 'reference', paths, targets: [PATIENT], components: [] },
    locations: new Set(paths.map(locationOf)),
  }
  compartments.set(declaration, found)
  return found
}

const compartmentLocations = (declaration: ResourceDeclaration): ReadonlySet<string> =>
  compartmentIn(declaration).locations

/** The list of all resources of a type that declares one. */
export const listingOf = (declaration: ResourceDeclaration): Partition => ({
  pk: listingPartition(declaration.type),
  prefix: '',
  parted: declaration.order?.open !== undefined,
})

const valueList = (declaration: ResourceDeclaration, { code }: SearchParameter, value: string): Partition => ({
  pk: valuePartition(declaration.type, code, value),
  prefix: '',
  parted: isParted(declaration, code),
  ...(declaration.order?.open?.urgent?.lists.includes(code) && { urgentFirst: true }),
})

/**
 * What puts a resource into a patient's compartment, as if it were one search parameter: a reference to the patient at any of the
 * places. https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
export const compartmentParameter = (declaration: ResourceDeclaration): SearchParameter =>
  compartmentIn(declaration).parameter

export const compartmentOf = (declaration: ResourceDeclaration, patientId: string): Partition => ({
  pk: declaration.appendOnly ? recordPartition(patientId) : compartmentPartition(patientId),
  prefix: compartmentPrefix(declaration.type),
  parted: isParted(declaration, COMPARTMENT),
})

export const identifierList = (
  declaration: ResourceDeclaration,
  parameter: SearchParameter,
  value: string,
): Partition => valueList(declaration, parameter, value)

/** For a canonical or another URI: `url` is without a version. */
export const uriList = (declaration: ResourceDeclaration, parameter: SearchParameter, url: string): Partition =>
  valueList(declaration, parameter, url)

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
    return url === undefined ? undefined : valueList(declaration, parameter, url)
  if (type === PATIENT && url === undefined && compartmentLocations(declaration).has(locationOf(path)))
    return compartmentOf(declaration, id)
  return valueList(declaration, parameter, `${type}/${id}`)
}
