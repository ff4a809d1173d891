import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import type { Sift } from '../../search/restriction.ts'
import { bodyOf, Version } from '../../store/version.ts'
import { labelled } from '../consent/withhold-labelled.ts'
import type { Access } from './access.ts'

/**
 * A reason beside scopes and roles to keep something back: a consent, a law. Each gets what those before it have left, a page at a time, and
 * gives it back without what must not go out, or with a version that {@link redacted} has made in the place of the whole one.
 */
export interface Withholding {
  /** Whether anything could be kept back from this caller; where not, nothing is looked at. Takes no time. */
  concerns(careloop: Careloop, access: Access): boolean
  /** @param careloop unrestricted, to look things up */
  withhold(careloop: Careloop, access: Access, versions: readonly Version[]): Promise<readonly Version[]>
}

/** All there are, in the order in which they are asked. */
export const withholdings: Withholding[] = [labelled]

const concerned = (careloop: Careloop, access: Access): Withholding[] =>
  withholdings.filter((withholding) => withholding.concerns(careloop, access))

/** What no withholding keeps back, a page at a time. */
const notWithheld = async (
  careloop: Careloop,
  access: Access,
  versions: readonly Version[],
): Promise<readonly Version[]> => {
  let left = versions
  for (const withholding of left.length ? concerned(careloop, access) : [])
    left = await withholding.withhold(careloop, access, left)
  return left
}

/** What searches for this caller may find and count, beside scopes and roles; undefined: nothing is withheld. @param careloop unrestricted */
export const siftFor = (careloop: Careloop, access: Access): Sift | undefined => {
  if (!concerned(careloop, access).length) return undefined
  const nameOf = ({ type, id, v }: Version) => `${type}/${id}/${v}`
  return async (versions) => {
    // What is shown in part is found like the rest.
    const left = new Set((await notWithheld(careloop, access, versions)).map(nameOf))
    return new Set(versions.filter((version) => left.has(nameOf(version))))
  }
}

/** Whether everything goes out to this caller as it is. */
export const seesAll = (careloop: Careloop, access: Access): boolean =>
  access.isWhole && !concerned(careloop, access).length

/**
 * THE place where resources are let out: of these versions what the caller may see with one of the letters. A version of the past is seen
 * by whom its own content and the content of today are for: what was filed under the wrong patient stays with neither of them. What has been
 * deleted is judged by what it was last.
 * @param careloop unrestricted
 */
export const letOut = async (
  careloop: Careloop,
  access: Access,
  versions: readonly Version[],
  lettersOf: (type: string) => string,
): Promise<Version[]> => {
  const isSeen = ({ type, content }: Pick<Version, 'type' | 'content'>): boolean =>
    access.sees(lettersOf(type), { type, content })
  const visible = access.isWhole
    ? versions
    : (
        await Promise.all(
          versions.map(async (version) => ((await isLetOut(careloop, version, isSeen)) ? [version] : [])),
        )
      ).flat()
  return [...(await notWithheld(careloop, access, visible))]
}

type IsSeen = (version: Pick<Version, 'type' | 'content'>) => boolean

const isLetOut = async (careloop: Careloop, version: Version, isSeen: IsSeen): Promise<boolean> => {
  const live = version.deleted ? await lastLive(careloop, version) : version
  return live !== undefined && isSeen(live)
}

/** Content of a version before it was deleted. */
const lastLive = ({ store }: Careloop, { type, id, v }: Version): Promise<Version | undefined> =>
  v > 1 ? store.vread(type, id, v - 1) : Promise.resolve(undefined)

/** {@link letOut} of versions of the past, of whatever resources. */
export const letOutOfHistory = async (
  careloop: Careloop,
  access: Access,
  versions: readonly Version[],
  lettersOf: (type: string) => string,
): Promise<Version[]> => {
  if (seesAll(careloop, access)) return [...versions]
  const names = new Map(versions.map(({ type, id }) => [referenceTo(type, id), { type, id }]))
  const current = await careloop.store.readMany([...names.values()])
  const today = await letOut(careloop, access, current, lettersOf)
  const shown = new Set(today.map(({ type, id }) => referenceTo(type, id)))
  return letOut(
    careloop,
    access,
    versions.filter(({ type, id }) => shown.has(referenceTo(type, id))),
    lettersOf,
  )
}

const redactions = new WeakSet<Version>()

/** A version with another content: the id, the number and the time stay. It can be shown; nothing can be written on the base of it. */
export const redacted = (version: Version, content: Resource): Version => {
  const { z: _compressed, ...item } = version.item
  const made = new Version({ ...item, body: bodyOf(content) })
  redactions.add(made)
  return made
}

export const isRedacted = (version: Version): boolean => redactions.has(version)
