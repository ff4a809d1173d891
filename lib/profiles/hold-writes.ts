import type { Careloop } from '../careloop.ts'
import type { Prefer } from '../interactions/interaction.ts'
import type { PlaceOf } from '../interactions/referential-integrity.ts'
import { FhirError, type Problem } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import type { Write } from '../store/plan-write.ts'
import type { Finding } from './findings.ts'

const AT_ONCE = 4
/** One outcome names no more problems than a person would read. */
const MOST_PROBLEMS = 100

/** What the write at a position is told, `Task.status` put where the write is: `Bundle.entry[3].resource.status`. */
const placed = (findings: readonly Finding[], position: number, placeOf: PlaceOf): Problem[] =>
  findings.map((finding) => {
    const dot = finding.expression.indexOf('.')
    return { ...finding, expression: placeOf(position, dot < 0 ? '' : finding.expression.slice(dot + 1)) }
  })

/**
 * Holds what clients write against the profiles it claims and the whole definition of its type, as the tenant has it in
 * `profileValidation`. All that this takes is loaded with the first resource that is looked at.
 * @returns warnings, with `warn` only for a client that is going to be shown them: nobody else pays for them
 * @throws FhirError unprocessable (422) with all issues where the tenant enforces it and there is an error among them
 */
export const holdWrites = async (
  careloop: Careloop,
  prefer: Prefer | undefined,
  writes: readonly Write[],
  placeOf: PlaceOf,
): Promise<Problem[]> => {
  const { profileValidation = 'warn' } = careloop.tenant
  if (profileValidation === 'off') return []
  const isEnforced = profileValidation === 'enforce'
  if (!isEnforced && prefer?.return !== 'OperationOutcome') return []
  const { conformance, claimedProfiles, unknownClaim } = await import('./conformance.ts')
  const positions = writes.flatMap(({ resource }, position) => (resource ? [{ resource, position }] : []))
  const problems = await boundedly(positions, AT_ONCE, async ({ resource, position }) => {
    const { findings, unknown } = await conformance(careloop, resource, claimedProfiles(resource))
    const claims = unknown.map((canonical) => unknownClaim(resource, canonical))
    return placed([...findings, ...claims], position, placeOf)
  })
  const found = problems.flat().filter(({ severity }) => severity !== 'information')
  if (isEnforced && found.some(({ severity }) => severity === 'error'))
    throw new FhirError('unprocessable', found.slice(0, MOST_PROBLEMS))
  return found.slice(0, MOST_PROBLEMS)
}
