import type { Resource } from '../fhir.ts'
import type { ResourceDeclaration, TenantCalendar } from '../resources/declaration.ts'
import type { PostingKey } from '../store/keys.ts'
import type { Indexing } from '../store/plan-write.ts'
import { elementsAt } from './elements.ts'
import { openFlagOf, orderKey, urgentFlagOf } from './order.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import { identifierList, listingOf, type Partition, referenceList, uriList } from './partitions.ts'
import { isLiteral, pointsTo, referenceOf } from './reference.ts'
import { searchParameters } from './search-parameters.ts'
import { withoutVersion } from './uri.ts'
import { type Zone, zoneOf } from './zone.ts'

const IDENTIFIER = 'Identifier'

const listOf = (
  declaration: ResourceDeclaration,
  parameter: SearchParameter,
  path: ElementPath,
  element: unknown,
): Partition | undefined => {
  if (parameter.type === 'uri')
    return typeof element === 'string' ? uriList(declaration, parameter, withoutVersion(element)) : undefined
  if (parameter.type === 'token') {
    const { value } = element as { value?: unknown }
    return typeof value === 'string' ? identifierList(declaration, parameter, value) : undefined
  }
  const reference = referenceOf(element, path.datatype)
  if (!reference || (path.only && !pointsTo(path.only, reference))) return undefined
  return isLiteral(path.datatype)
    ? referenceList(declaration, parameter, path, reference)
    : uriList(declaration, parameter, reference.url!)
}

/** The paths whose values are listed: references, canonicals, URIs and identifiers. Everything else is matched on the resource. */
const listedPaths = (declaration: ResourceDeclaration): (readonly [SearchParameter, ElementPath])[] => {
  const parameters = searchParameters(declaration)
  return Object.keys(declaration.search).flatMap((code) => {
    const parameter = parameters.get(code)!
    const isListed =
      parameter.type === 'reference' ||
      parameter.type === 'uri' ||
      (parameter.type === 'token' && parameter.paths.every(({ datatype }) => datatype === IDENTIFIER))
    return isListed ? parameter.paths.map((path) => [parameter, path] as const) : []
  })
}

const indexingOf = (declaration: ResourceDeclaration, zone: Zone, calendar: TenantCalendar): Indexing => {
  const listed = listedPaths(declaration)

  return {
    ...(declaration.appendOnly && { appendOnly: true }),
    postings(resource: Resource): PostingKey[] {
      const order = orderKey(declaration, resource, zone)
      const lists = new Map<string, PostingKey>()
      const flag = openFlagOf(declaration, resource)
      const urgent = urgentFlagOf(declaration, resource)
      const add = ({ pk, prefix, parted, urgentFirst }: Partition) => {
        lists.set(`${pk}\n${prefix}`, { pk, prefix, order: parted ? flag + order : order })
        if (urgentFirst && urgent) lists.set(`${pk}\n${prefix}${urgent}`, { pk, prefix, order: urgent + order })
      }
      for (const [parameter, path] of listed)
        for (const element of elementsAt(resource, path.steps)) {
          const list = listOf(declaration, parameter, path, element)
          if (list) add(list)
        }
      if (declaration.order?.listed) add(listingOf(declaration))
      return [...lists.values()]
    },

    wakeAt(resource, woken) {
      const coming = (declaration.clocks?.(resource, calendar, woken) ?? []).filter(
        (instant) => woken === undefined || instant > woken,
      )
      return coming.sort()[0]
    },
  }
}

/**
 * What the store must know of each type: the lists a resource stands in and when time alone next changes what must be done about it.
 * `timeZone` is the tenant's, for dates without an offset. The function given throws for a type that is not declared.
 */
export const createIndexing = ({
  declarations,
  timeZone,
}: {
  declarations: ReadonlyMap<string, ResourceDeclaration>
  timeZone: string
}): ((type: string) => Indexing) => {
  const zone = zoneOf(timeZone)
  const known = new Map<string, Indexing>()
  return (type) => {
    const made = known.get(type)
    if (made) return made
    const declaration = declarations.get(type)
    if (!declaration) throw new Error(`${type} is not declared, so it cannot be indexed`)
    const indexing = indexingOf(declaration, zone, { timeZone })
    known.set(type, indexing)
    return indexing
  }
}
