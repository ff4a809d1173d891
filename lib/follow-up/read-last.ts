import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { resourceOf } from '../store/version.ts'

/** A resource as it is, or as it was before it was deleted; for what was about it. */
export const readLast = async ({ store }: Careloop, reference: string): Promise<Resource | undefined> => {
  const [type, id] = reference.split('/') as [string, string]
  const current = await store.read(type, id)
  const version = current?.deleted ? await store.vread(type, id, current.v - 1) : current
  return version && !version.deleted ? resourceOf(version) : undefined
}
