import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { declarations, parametersOf } from '../resources/index.ts'
import { type Partition, referenceList } from '../search/partitions.ts'
import { isLiteral } from '../search/reference.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { type RowStream, Walk } from '../store/walk.ts'
import { referencesIn } from './bundle-links.ts'

const AT_ONCE = 20

/** Every list that can hold a reference to a resource: one for each reference parameter that may point at its type. */
const listsOfReferrers = (type: string, id: string): RowStream[] => {
  const streams = new Map<string, RowStream>()
  const add = (of: string, { pk, prefix }: Partition) => streams.set(`${pk}\n${prefix}`, { pk, prefix, type: of })
  for (const declaration of declarations.values()) {
    if (declaration.appendOnly) continue
    for (const parameter of parametersOf(declaration.type).values()) {
      if (parameter.type !== 'reference') continue
      if (parameter.targets.length && !parameter.targets.includes(type)) continue
      for (const path of parameter.paths) {
        if (!isLiteral(path.datatype) || (path.only && path.only !== type)) continue
        const list = referenceList(declaration, parameter, path, { type, id })
        if (list) add(declaration.type, list)
      }
    }
  }
  return [...streams.values()]
}

/**
 * A live resource that refers to this one by an element that can be searched for, if there is one; those that are `excepted`, and the
 * resource itself, do not count. Neither do references to one of its versions, which stays, or to another server.
 */
export const referrerOf = async (
  { store }: Careloop,
  type: string,
  id: string,
  excepted: (referrer: Version) => boolean,
): Promise<Version | undefined> => {
  const walk = new Walk(store.table, listsOfReferrers(type, id), {})
  while (!walk.done)
    for (const { version } of await walk.next(AT_ONCE))
      if (
        !(version.type === type && version.id === id) &&
        !excepted(version) &&
        refersTo(version, referenceTo(type, id))
      )
        return version
  return undefined
}

const refersTo = (version: Version, target: string): boolean =>
  [...referencesIn(resourceOf(version))].some(({ reference }) => reference.split('#')[0] === target)
