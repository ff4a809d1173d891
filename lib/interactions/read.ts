import { fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { includesVersion, parseEtags, versionHeaders } from './etag.ts'
import type { Conditions, Interaction } from './interaction.ts'
import { subsetIn, subsetOf } from './subset.ts'

/** https://hl7.org/fhir/R4/http.html#read and #cread */
export const read: Interaction = async ({ store, search }, { type, id, conditions, query }) => {
  const version = await store.read(type, id)
  const packaged = version && !version.deleted ? undefined : await declarations.get(type)?.packaged?.(search, id)
  if (packaged) return { status: 200, resource: subsetOf(packaged, subsetIn(query)) }
  if (!version) throw neverExisted(type)
  if (version.deleted) throw deleted(version)
  if (isKnown(version, conditions)) return { status: 304, version }
  return { status: 200, version, resource: subsetOf(resourceOf(version), subsetIn(query)) }
}

export const neverExisted = (type: string) => fail('notFound', `There is no ${type} with this id, and there never was.`)

export const deleted = (version: Version) =>
  fail(
    'deleted',
    `This ${version.type} was deleted with version ${version.v}. Its history is still there; PUT brings it back.`,
    undefined,
    versionHeaders(version),
  )

/** Whether the client has this version already. https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2 */
const isKnown = (version: Version, { ifNoneMatch, ifModifiedSince }: Conditions): boolean => {
  if (ifNoneMatch !== undefined) return includesVersion(parseEtags(ifNoneMatch, 'If-None-Match'), version)
  if (ifModifiedSince === undefined) return false
  const since = Date.parse(ifModifiedSince)
  return !Number.isNaN(since) && wholeSeconds(Date.parse(version.updated)) <= since
}

/** HTTP dates have no fractions. */
const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000
