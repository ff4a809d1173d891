import type { Careloop } from '../careloop.ts'
import type { Problem } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import type { InteractionRequest } from './interaction.ts'
import { provenanceWrite } from './provenance.ts'
import { checkReferences, type PlaceOf } from './referential-integrity.ts'

export interface Committed {
  /** one for each write, in their order */
  versions: Version[]
  /** what the tenant wants to be warned of */
  warnings: Problem[]
}

/** Commits what a client has asked for, with all that goes along: referential integrity before, a Provenance beside. */
export const commitWrites = async (
  careloop: Careloop,
  { provenance: header, baseUrl }: Pick<InteractionRequest, 'provenance' | 'baseUrl'>,
  writes: readonly Write[],
  placeOf?: PlaceOf,
): Promise<Committed> => {
  const witnesses =
    header !== undefined && writes.length ? [provenanceWrite(careloop, { header, baseUrl }, writes)] : []
  const warnings = await checkReferences(careloop, [...writes, ...witnesses], placeOf)
  const versions = await careloop.store.write([...writes, ...witnesses])
  return { versions: versions.slice(0, writes.length), warnings }
}

/** {@link commitWrites} of one. */
export const commitWrite = async (
  careloop: Careloop,
  request: InteractionRequest,
  write: Write,
): Promise<{ version: Version; warnings: Problem[] }> => {
  const { versions, warnings } = await commitWrites(careloop, request, [write])
  return { version: versions[0]!, warnings }
}
