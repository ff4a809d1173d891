import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { checkOccurrence } from './check-profile.ts'
import { definitionsOf } from './definitions.ts'
import { checkExtensions } from './extensions.ts'
import type { Finding, Look } from './findings.ts'
import { brokenRules } from './rules.ts'

/** Definitions lead to others: profiles to extensions, value sets to value sets. */
const MOST_LOOKS = 12

const distinct = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [finding.text, finding])).values(),
]

export interface ProfileFindings {
  findings: Finding[]
  /** the canonicals among those asked for that are not here, or have no snapshot */
  unknown: string[]
}

/**
 * Holds a resource against profiles, and its extensions against their definitions where these are here. The structure (datatypes, names,
 * cardinality of the base type) has to be right already. https://hl7.org/fhir/R4/validation.html
 * @param canonicals `url` or `url|version`
 * @param options `fresh`: definitions are looked for anew, not taken from what this process has kept of the last minute
 */
export const validateProfiles = async (
  careloop: Careloop,
  resource: Resource,
  canonicals: readonly string[],
  options: { fresh?: boolean } = {},
): Promise<ProfileFindings> => {
  const definitions = definitionsOf(careloop, options)
  const at = { value: resource, inner: resource, expression: resource.resourceType }
  for (let looks = 1; ; looks++) {
    const look: Omit<Look, 'profile'> = { definitions, resource, findings: [], rules: [] }
    const unknown: string[] = []
    for (const canonical of new Set(canonicals)) {
      const profile = definitions.profile(canonical)
      if (!profile) unknown.push(canonical)
      else if (profile.type === resource.resourceType) checkOccurrence({ ...look, profile }, profile.root, at)
      else
        look.findings.push({
          severity: 'error',
          code: 'invalid',
          expression: `${resource.resourceType}.meta.profile`,
          text: `${profile.canonical} is a profile of ${profile.type}, not of ${resource.resourceType}`,
        })
    }
    checkExtensions(look)
    const hasMore = looks < MOST_LOOKS && (await definitions.loadMissing())
    if (!hasMore)
      return { findings: distinct([...look.findings, ...(await brokenRules(resource, look.rules))]), unknown }
  }
}
