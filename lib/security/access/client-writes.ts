import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { referencesIn } from '../../interactions/bundle-links.ts'
import { type FhirError, fail, type Problem } from '../../outcome.ts'
import { declarations } from '../../resources/index.ts'
import type { Write } from '../../store/plan-write.ts'
import type { Version } from '../../store/version.ts'
import { notCovered } from './decide.ts'
import { isRedacted } from './let-out.ts'
import type { Letter } from './scopes.ts'

/** Where a part of the write at a position stands, for people. */
type PlaceOf = (write: number, path: string) => string

/** Pure. */
const letterOf = ({ base, resource }: Write): Letter => {
  if (!base || base.deleted) return 'c'
  return resource ? 'u' : 'd'
}

const isCovered = ({ view }: Careloop, letter: Letter, type: string, content: Version['content']): boolean =>
  view!.access.sees(letter, { type, content })

/**
 * Decides on what a client wants to write: what a resource is before and what it is to be afterwards must both be theirs.
 * @throws FhirError forbidden (403)
 */
export const requireWritable = (
  careloop: Careloop,
  writes: readonly Write[],
  hasWitness: boolean,
  placeOf: PlaceOf,
): void => {
  const { view } = careloop
  for (const [index, write] of writes.entries()) {
    const { type, id, base, resource } = write
    const letter = letterOf(write)
    const refuse = (error: FhirError) => error.at(placeOf(index, ''))
    if (letter !== 'c' && declarations.get(type)?.appendOnly)
      throw refuse(fail('forbidden', `A ${type} is never changed or deleted, by nobody.`))
    if (!view) continue
    if (base && isRedacted(base))
      throw refuse(fail('forbidden', `Parts of this ${type} are kept from you, and you would overwrite them.`))
    if (base && !base.deleted && !isCovered(careloop, letter, type, base.content))
      throw refuse(notCovered([[letter, type]], ' Those that there are do not cover this resource.'))
    const after: Resource | undefined = resource && { ...resource, id }
    if (after && !isCovered(careloop, letter, type, after))
      throw refuse(notCovered([[letter, type]], ' Those that there are do not cover the resource as it is to be.'))
  }
  if (view && hasWitness && !view.access.permits('c', 'Provenance')) throw notCovered([['c', 'Provenance']])
}

/** `Patient/1`, `Patient/1/_history/2`, with or without a fragment */
const RELATIVE = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^#]*)?(?:#.*)?$/

/**
 * References that a client adds to what is not there for them: nobody comes to see something by referring to it, or learns whether it is there.
 * What was referred to before may stay. References to what holds nothing of any patient are left to referential integrity, and so are all those
 * of a client that writes for all patients: it gains nothing by them.
 */
export const unreachableReferences = async (
  { store, view }: Careloop,
  writes: readonly Write[],
  placeOf: PlaceOf,
): Promise<Problem[]> => {
  if (!view) return []
  const written = new Set(writes.map(({ type, id }) => referenceTo(type, id)))
  const added: { target: string; type: string; id: string; place: string }[] = []
  for (const [index, write] of writes.entries()) {
    const { base, resource } = write
    if (view.access.isForAllPatients(letterOf(write), write.type)) continue
    const before = new Set(
      base && !base.deleted ? [...referencesIn(base.content)].map(({ reference }) => reference) : [],
    )
    for (const { reference, path } of referencesIn(resource)) {
      const [, type, id] = RELATIVE.exec(reference) ?? []
      if (type === undefined || id === undefined || before.has(reference)) continue
      const target = referenceTo(type, id)
      if (!declarations.get(type)?.compartment.length) continue
      if (written.has(target) || view.access.subjects.includes(target)) continue
      added.push({ target, type, id, place: placeOf(index, path) })
    }
  }
  if (!added.length) return []
  const there = new Set(
    (await store.readMany(added)).flatMap(({ type, id, deleted }) => (deleted ? [] : [referenceTo(type, id)])),
  )
  return added
    .filter(({ target }) => !there.has(target))
    .map(({ type, place }) => ({
      code: 'not-found',
      text: noSuch(type),
      expression: place,
    }))
}

/** What is said of a reference to what is not there. */
export const noSuch = (type: string): string =>
  `There is no such ${type} here. Create it first, or send both in one transaction.`
