/** How far a role reaches: the whole tenant, what the Tasks of an organization refer to, or the compartment of the Patient who asks. */
export type Reach = 'tenant' | 'agency' | 'compartment'

/** What is done for the tenant as a whole and not with one resource; `emergency`: breaking the glass. */
export type Duty = 'report' | 'assign' | 'emergency'

export interface Role {
  reach: Reach
  /** letters of SMART by type; `*`: of types that are not named */
  may: Readonly<Record<string, string>>
  duties: readonly Duty[]
}

/**
 * What users may do by what they are: a `user/` scope gives what both it and a role of the user give. What a role does not name it does
 * not give. The names are those of the claim `roles`.
 */
export const roles: Readonly<Record<string, Role>> = {
  'care-manager': {
    reach: 'tenant',
    may: { '*': 'cruds', AuditEvent: '', Provenance: 'crs' },
    duties: ['emergency'],
  },
  supervisor: {
    reach: 'tenant',
    may: { '*': 'cruds', AuditEvent: 'rs', Provenance: 'crs' },
    duties: ['report', 'assign', 'emergency'],
  },
  /** of an organization that is asked to help: sees what it has been sent, answers by the Task */
  agency: {
    reach: 'agency',
    may: { '*': 'rs', Task: 'rus', AuditEvent: '', Provenance: '' },
    duties: [],
  },
  auditor: {
    reach: 'tenant',
    may: { AuditEvent: 'rs', Provenance: 'rs' },
    duties: ['report'],
  },
  patient: {
    reach: 'compartment',
    may: { '*': 'rs', Task: 'rus', QuestionnaireResponse: 'crus', Communication: 'crs', AuditEvent: '' },
    duties: [],
  },
}

/** The letters of a role for a type. */
export const lettersOf = ({ may }: Role, type: string): string => may[type] ?? may['*'] ?? ''

/** Who asks in their own name, or in an organization's, needs no role to say so. */
const BY_TYPE: Readonly<Record<string, string>> = { Patient: 'patient', Organization: 'agency' }

/** The roles of a user: those that are named and known, else what the resource that stands for them says. Of anybody else none. */
export const rolesOf = ({
  reference,
  roles: named = [],
}: {
  reference?: string
  roles?: readonly string[]
}): Role[] => {
  const known = [...new Set(named)].filter((name) => Object.hasOwn(roles, name))
  const byType = reference === undefined ? undefined : BY_TYPE[reference.split('/')[0]!]
  const names = known.length || byType === undefined ? known : [byType]
  return names.map((name) => roles[name]!)
}
