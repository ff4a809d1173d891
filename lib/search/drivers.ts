import type { ResourceDeclaration } from '../resources/declaration.ts'
import type { Clause, ClauseOf } from './clause.ts'
import { compartmentParameter, identifierList, type Partition, referenceList, uriList } from './partitions.ts'
import { isLiteral, type WantedReference } from './reference.ts'
import { withoutVersion } from './uri.ts'

/** A clause whose values have lists: the candidates of a search are in these, whatever else it wants. */
export interface Driver {
  /** what it is driven by, for an explanation */
  name: string
  rank: number
  clause: Clause
  /** for direct reads */
  ids?: readonly string[]
  partitions: readonly Partition[]
}

/** The cheapest first. */
const RANKS = { id: 0, identifier: 1, compartment: 2, reference: 3, uri: 4 } as const

/** A search by more lists than this reads less when something else drives it. */
const MOST_PARTITIONS = 200

const distinct = (partitions: readonly Partition[]): Partition[] => [
  ...new Map(partitions.map((partition) => [`${partition.pk}\n${partition.prefix}`, partition])).values(),
]

const idDriver = (clause: ClauseOf<'token'>): Driver | undefined => {
  const ids = clause.anyOf.flatMap(({ code }) => code ?? [])
  if (ids.length < clause.anyOf.length) return undefined
  return { name: clause.parameter.code, rank: RANKS.id, clause, ids: [...new Set(ids)], partitions: [] }
}

const identifierDriver = (
  declaration: ResourceDeclaration,
  clause: ClauseOf<'token'> | ClauseOf<'identifier-of-type'>,
): Driver | undefined => {
  const { parameter } = clause
  if (!parameter.paths.every(({ datatype }) => datatype === 'Identifier')) return undefined
  const values =
    clause.kind === 'token' ? clause.anyOf.flatMap(({ code }) => code ?? []) : clause.anyOf.map(({ value }) => value)
  if (values.length < clause.anyOf.length) return undefined
  const partitions = distinct(values.map((value) => identifierList(declaration, parameter, value)))
  return { name: parameter.code, rank: RANKS.identifier, clause, partitions }
}

/** A bare id may belong to any type the parameter can point at; to anything at all has no lists. */
const typesOf = (wanted: WantedReference, clause: ClauseOf<'reference'>): readonly string[] | undefined => {
  if (wanted.type) return [wanted.type]
  return clause.parameter.targets.length ? clause.parameter.targets : undefined
}

const listsOf = (
  declaration: ResourceDeclaration,
  clause: ClauseOf<'reference'>,
  wanted: WantedReference,
): Partition[] | undefined => {
  const { parameter } = clause
  const lists: Partition[] = []
  for (const path of parameter.paths) {
    if (!isLiteral(path.datatype)) lists.push(uriList(declaration, parameter, wanted.text))
    else {
      const types = wanted.id === undefined ? [undefined] : typesOf(wanted, clause)
      if (!types) return undefined
      for (const type of types) {
        if (path.only && type && path.only !== type) continue
        const list = referenceList(declaration, parameter, path, { type, id: wanted.id, url: wanted.url })
        if (list) lists.push(list)
      }
    }
  }
  return lists
}

const referenceDriver = (declaration: ResourceDeclaration, clause: ClauseOf<'reference'>): Driver | undefined => {
  const lists: Partition[] = []
  for (const wanted of clause.anyOf) {
    const found = listsOf(declaration, clause, wanted)
    if (!found) return undefined
    lists.push(...found)
  }
  const { parameter } = clause
  const partitions = distinct(lists)
  const isCompartment = partitions.every(({ prefix }) => prefix !== '')
  const isUri = parameter.paths.every(({ datatype }) => !isLiteral(datatype))
  // Nothing is referred to: a chain found nothing. No list need be read at all.
  if (!partitions.length) return { name: parameter.code, rank: RANKS.id, clause, partitions }
  const rank = isUri ? RANKS.uri : isCompartment ? RANKS.compartment : RANKS.reference
  return { name: parameter.code, rank, clause, partitions }
}

const driverOf = (declaration: ResourceDeclaration, clause: Clause): Driver | undefined => {
  if (clause.parameter.code === '_id' && clause.kind === 'token' && !clause.not) return idDriver(clause)
  // Only what a type declares itself has lists.
  if (!(clause.parameter.code in declaration.search) && clause.parameter !== compartmentParameter(declaration))
    return undefined
  if (clause.kind === 'token') return clause.not ? undefined : identifierDriver(declaration, clause)
  if (clause.kind === 'identifier-of-type') return identifierDriver(declaration, clause)
  if (clause.kind === 'reference') return referenceDriver(declaration, clause)
  if (clause.kind !== 'uri' || clause.form !== 'exact') return undefined
  const partitions = distinct(clause.anyOf.map((uri) => uriList(declaration, clause.parameter, withoutVersion(uri))))
  return { name: clause.parameter.code, rank: RANKS.uri, clause, partitions }
}

const sizeOf = ({ ids, partitions }: Driver): number => ids?.length ?? partitions.length

/** The cheapest clause to get the candidates by; undefined when none has lists. */
export const cheapestDriver = (declaration: ResourceDeclaration, clauses: readonly Clause[]): Driver | undefined => {
  let best: Driver | undefined
  for (const clause of clauses) {
    const driver = driverOf(declaration, clause)
    if (!driver || driver.partitions.length > MOST_PARTITIONS) continue
    const cheaper = !best || driver.rank < best.rank || (driver.rank === best.rank && sizeOf(driver) < sizeOf(best))
    if (cheaper) best = driver
  }
  return best
}
