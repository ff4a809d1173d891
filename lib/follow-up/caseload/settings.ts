import type { PractitionerRole } from 'fhir/r4'
import type { TenantSettings } from '../../tenant.ts'

/** Points that somebody can carry where the tenant does not say: a dozen high and moderate cases with their work. */
const DEFAULT_CAPACITY = 40
const DEFAULT_LANGUAGES = ['en']

/** `system|code` of what a role is: its codes and specialties. */
export const rolesOf = ({ code = [], specialty = [] }: PractitionerRole): string[] => [
  ...new Set(
    [...code, ...specialty].flatMap(({ coding = [] }) =>
      coding.flatMap(({ system = '', code }) => (code ? [`${system}|${code}`] : [])),
    ),
  ),
]

/** How many points a role can carry: the most of what the tenant says of its codes, else the tenant's default. */
export const capacityOf = (role: PractitionerRole, { caseload }: TenantSettings): number => {
  const known = rolesOf(role).flatMap((code) => caseload?.capacity?.[code] ?? [])
  return known.length ? Math.max(...known) : (caseload?.defaultCapacity ?? DEFAULT_CAPACITY)
}

/** The languages of whoever has not said any. */
export const defaultLanguages = ({ caseload }: TenantSettings): readonly string[] =>
  caseload?.languages ?? DEFAULT_LANGUAGES
