import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import type { Finding } from './findings.ts'
import { structuralProblems } from './structure.ts'
import { type ProfileFindings, validateProfiles } from './validate-profiles.ts'

/** The profiles that a resource says it meets. */
export const claimedProfiles = ({ meta }: Resource): string[] =>
  (Array.isArray(meta?.profile) ? meta.profile : []).filter((each) => typeof each === 'string')

const asFinding = (type: string, problem: Problem): Finding => ({
  ...problem,
  severity: problem.severity ?? 'error',
  expression: problem.expression ?? type,
})

/**
 * All that is wrong with a resource by the definition of its type and by profiles. Profiles are looked at when the type's own
 * definition is met: they say nothing of what has another form.
 */
export const conformance = async (
  careloop: Careloop,
  resource: Resource,
  canonicals: readonly string[],
  options: { fresh?: boolean } = {},
): Promise<ProfileFindings> => {
  const problems = await structuralProblems(resource)
  if (problems.length)
    return { findings: problems.map((problem) => asFinding(resource.resourceType, problem)), unknown: [] }
  return validateProfiles(careloop, resource, canonicals, options)
}

/** Of a claim to meet what is not here nothing can be said. */
export const unknownClaim = (resource: Resource, canonical: string): Finding => ({
  severity: 'warning',
  code: 'not-found',
  expression: `${resource.resourceType}.meta.profile`,
  text: `The profile ${canonical} is not here, so it is not checked. Add the package it is of: npm run ig -- add.`,
})

/** A profile that was asked for and is not here. */
export const unknownProfile = (canonical: string): Finding => ({
  severity: 'error',
  code: 'not-found',
  expression: 'profile',
  text: `${CANONICAL.test(canonical) ? `The profile ${canonical}` : 'The profile asked for'} is not here, or has no snapshot. Add the package it is of, or PUT its StructureDefinition.`,
})

/** Only what looks like a canonical URL is repeated. */
const CANONICAL = /^(?:https?|urn):[^\s<>"]{1,300}$/
