import { fail } from '../outcome.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { includesVersion, parseEtags, versionHeaders } from './etag.ts'
import type { Conditions, Interaction } from './interaction.ts'

/** https://hl7.org/fhir/R4/http.html#read and #cread */
export const read: Interaction = async ({ store }, { type, id, conditions }) => {
  const version = await store.read(type, id)
  if (!version) throw neverExisted(type)
  if (version.deleted) throw deleted(version)
  if (isKnown(version, conditions)) return { status: 304, version }
  return { status: 200, version, resource: resourceOf(version) }
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
