import type { Careloop } from '../careloop.ts'
import type { Problem } from '../outcome.ts'
import { holdWrites } from '../profiles/hold-writes.ts'
import { requireWritable } from '../security/access/client-writes.ts'
import { isSystem } from '../security/access/scopes.ts'
import { wholeOf } from '../security/access/view.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import type { Caller, InteractionRequest, Parameter } from './interaction.ts'
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

/** Commits what a client has asked for, with all that goes along: profiles, lifecycles and referential integrity before, a Provenance and what follows beside. */
export const commitWrites = async (
  careloop: Careloop,
  {
    provenance: header,
    baseUrl,
    caller,
    query,
    prefer,
  }: Pick<InteractionRequest, 'provenance' | 'baseUrl' | 'caller' | 'query'> &
    Partial<Pick<InteractionRequest, 'prefer'>>,
  asked: readonly Write[],
  origins: Origins = {
    placeOf: (write, path) => `${asked[write]?.type ?? 'Provenance'}${path && `.${path}`}`,
    queryOf: () => query,
  },
): Promise<Committed> => {
  const { placeOf, queryOf } = origins
  requireWritable(careloop, asked, header !== undefined, placeOf)
  const held = await holdWrites(wholeOf(careloop), prefer, asked, placeOf)
  // What follows from a change follows whoever made it.
  const { writes, consequences } = await governWrites(wholeOf(careloop), actorOf(caller), asked, placeOf, queryOf)
  const witnesses =
    header !== undefined && writes.length ? [await provenanceWrite(careloop, { header, baseUrl }, writes)] : []
  const warnings = await checkReferences(careloop, [...writes, ...witnesses], placeOf)
  const versions = await careloop.store.write([...writes, ...witnesses, ...consequences])
  return { versions: versions.slice(0, writes.length), warnings: [...held, ...warnings] }
}

/** Who is held to what the parties of a resource may do: a system that acts in nobody's name is not, as if there were no caller. */
const actorOf = (caller: Caller | undefined): Caller | undefined => (caller && isSystem(caller) ? undefined : caller)

/** {@link commitWrites} of one. */
export const commitWrite = async (
  careloop: Careloop,
  request: InteractionRequest,
  write: Write,
): Promise<{ version: Version; warnings: Problem[] }> => {
  const { versions, warnings } = await commitWrites(careloop, request, [write])
  return { version: versions[0]!, warnings }
}
