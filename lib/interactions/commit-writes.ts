import type { Careloop } from '../careloop.ts'
import type { Problem } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import type { InteractionRequest, Parameter } from './interaction.ts'
import { governWrites } from './lifecycle.ts'
import { provenanceWrite } from './provenance.ts'
import { checkReferences, type PlaceOf } from './referential-integrity.ts'

export interface Committed {
  /** one for each write, in their order */
  versions: Version[]
  /** what the tenant wants to be warned of */
  warnings: Problem[]
}

/** Where the writes of a commit came from, when not each from the request as a whole. */
export interface Origins {
  placeOf: PlaceOf
  queryOf(write: number): readonly Parameter[]
}

/** Commits what a client has asked for, with all that goes along: lifecycles and referential integrity before, a Provenance and what follows beside. */
export const commitWrites = async (
  careloop: Careloop,
  {
    provenance: header,
    baseUrl,
    caller,
    query,
  }: Pick<InteractionRequest, 'provenance' | 'baseUrl' | 'caller' | 'query'>,
  asked: readonly Write[],
  origins: Origins = {
    placeOf: (write, path) => `${asked[write]?.type ?? 'Provenance'}${path && `.${path}`}`,
    queryOf: () => query,
  },
): Promise<Committed> => {
  const { placeOf, queryOf } = origins
  const { writes, consequences } = await governWrites(careloop, caller, asked, placeOf, queryOf)
  const witnesses =
    header !== undefined && writes.length ? [provenanceWrite(careloop, { header, baseUrl }, writes)] : []
  const warnings = await checkReferences(careloop, [...writes, ...witnesses], placeOf)
  const versions = await careloop.store.write([...writes, ...witnesses, ...consequences])
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
