import type { Careloop } from '../../careloop.ts'
import { ID, referenceTo } from '../../fhir.ts'
import type { Caller } from '../../interactions/interaction.ts'
import { declarations } from '../../resources/index.ts'
import type { Clause } from '../../search/clause.ts'
import { isRefusal } from '../../search/criterion.ts'
import { isDependent } from '../../search/dependent.ts'
import type { Reading } from '../../search/match.ts'
import { parseNamed } from '../../search/named-criterion.ts'
import { meets, type Restriction } from '../../search/restriction.ts'
import { inCompartment } from '../../search/scope.ts'
import { searchParameters } from '../../search/search-parameters.ts'
import { zoneOf } from '../../search/zone.ts'
import type { Version } from '../../store/version.ts'
import { agencyReach, type Reachable } from './agency-reach.ts'
import { type Duty, lettersOf, type Role, rolesOf } from './roles.ts'
import { type Grant, LETTERS, type Letter, parseScopes } from './scopes.ts'
import { sharedTypes } from './shared-types.ts'

/** What a caller may do, decided once a request. */
export interface Access {
  readonly caller: Caller | undefined
  /** Everything, whatever it is: nothing need be looked at. */
  readonly isWhole: boolean
  /** Differs where what may be seen does. */
  readonly key: string
  /** Whether anything of the type can be done with one of the letters: asked before anything is read. */
  permits(letters: string, type: string): boolean
  /** Whether all resources of the type are meant, of whatever patient and content, with this letter. */
  isUnrestricted(letter: Letter, type: string): boolean
  /** whether it is for resources of all patients, though perhaps of some content only */
  isForAllPatients(letter: Letter, type: string): boolean
  /** `Patient/id` of those whose compartments it is about, which may be named whether they can be read or not */
  readonly subjects: readonly string[]
  /** Whether a duty for the tenant as a whole is the caller's, with a scope for this letter and type. */
  hasDuty(duty: Duty, letter: Letter, type: string): boolean
  /** What a search of the type is held to when any of the letters will do; undefined: nothing. */
  narrow(letters: string, type: string): Restriction
  /** Whether any of the letters covers this live content of a resource. */
  sees(letters: string, version: Pick<Version, 'type' | 'content'>): boolean
}

/** Every clause has to be met; none: whatever there is. */
type Alternative = readonly Clause[]

const everything: Access = {
  caller: undefined,
  isWhole: true,
  key: '',
  permits: () => true,
  isUnrestricted: () => true,
  isForAllPatients: () => true,
  subjects: [],
  hasDuty: () => true,
  narrow: () => undefined,
  sees: () => true,
}

/** The same caller where scopes and roles have been decided on already: for what works on the tenant as a whole. */
export const wholly = ({ caller }: Access): Access => (caller ? { ...everything, caller } : everything)

/** Who is trusted with everything: no caller, or one without scopes, where the service is open. */
const isTrusted = ({ access }: Careloop, caller: Caller | undefined): boolean =>
  access === 'open' && caller?.scopes === undefined

/** A system that has been given everything, as most have. */
const isWholeGrant = ({ context, type, letters, query }: Grant): boolean =>
  context === 'system' && type === '*' && letters === LETTERS && !query.length

/**
 * What the scopes of a caller come to. Reads what an agency's Tasks refer to; otherwise nothing.
 * @param careloop unrestricted
 */
export const accessOf = async (careloop: Careloop, caller: Caller | undefined, baseUrl: string): Promise<Access> => {
  if (isTrusted(careloop, caller)) return caller ? { ...everything, caller } : everything
  const grants = parseScopes(caller?.scopes ?? [])
  if (grants.some(isWholeGrant)) return { ...everything, caller }
  const roles = grants.some(({ context }) => context === 'user') ? rolesOf(caller ?? {}) : []
  const isAgency = roles.some(({ reach }) => reach === 'agency')
  const reachable = isAgency ? await agencyReach(careloop, caller?.reference) : new Map()
  return decidedBy({ careloop, caller, grants, roles, reachable, baseUrl })
}

interface Given {
  careloop: Careloop
  caller: Caller | undefined
  grants: readonly Grant[]
  roles: readonly Role[]
  reachable: Reachable
  baseUrl: string
}

const decidedBy = ({ careloop, caller, grants, roles, reachable, baseUrl }: Given): Access => {
  const zone = zoneOf(careloop.tenant.timeZone)
  const reading: Reading = { zone, baseUrl }
  const launched = idIn(caller?.patient)
  const own = caller?.reference?.startsWith('Patient/') ? idIn(caller.reference) : undefined

  const covering = (letter: Letter, type: string): Grant[] =>
    grants.filter((grant) => (grant.type === '*' || grant.type === type) && grant.letters.includes(letter))

  /** What a context lets through of a type; undefined: nothing. */
  const within = (letter: Letter, type: string, { context }: Grant): Alternative[] => {
    if (context === 'system') return [[]]
    if (context === 'patient') {
      if (sharedTypes.has(type) && (letter === 'r' || letter === 's') && launched !== undefined) return [[]]
      return ofPatient(type, launched)
    }
    return roles.filter((role) => lettersOf(role, type).includes(letter)).flatMap((role) => reachOf(role, type))
  }

  const reachOf = ({ reach }: Role, type: string): Alternative[] => {
    if (reach === 'tenant') return [[]]
    if (reach === 'compartment') return ofPatient(type, own)
    return [[withIds(type, [...(reachable.get(type) ?? [])])]]
  }

  const compartments = new Map<string, Clause>()
  const ofPatient = (type: string, id: string | undefined): Alternative[] => {
    const declaration = declarations.get(type)
    if (id === undefined || !declaration) return []
    if (type === 'Patient') return [[withIds(type, [id])]]
    if (!declaration.compartment.length) return []
    // One and the same clause for all scopes, so that it is seen to be common to them.
    const key = `${type} ${id}`
    const clause = compartments.get(key) ?? inCompartment(declaration, id)
    compartments.set(key, clause)
    return [[clause]]
  }

  /** The parameters of a scope as clauses; undefined where the type does not have them, or they would take other resources to decide. */
  const clausesOf = (type: string, { query }: Grant): Clause[] | undefined => {
    const declaration = declarations.get(type)
    if (!declaration) return undefined
    const clauses: Clause[] = []
    const served = (other: string) => {
      const found = declarations.get(other)
      return found && searchParameters(found)
    }
    const now = Date.parse(careloop.clock.now())
    for (const [name, value] of query) {
      const criterion = parseNamed(name, value, {
        type,
        parameters: searchParameters(declaration),
        served,
        zone,
        now,
        baseUrl,
      })
      if (isRefusal(criterion) || isDependent(criterion)) return undefined
      clauses.push(criterion)
    }
    return clauses
  }

  const alternatives = remembered((letter: Letter, type: string): Alternative[] =>
    covering(letter, type).flatMap((grant) => {
      const asked = grant.query.length ? clausesOf(type, grant) : []
      return asked ? within(letter, type, grant).map((reached) => [...reached, ...asked]) : []
    }),
  )
  const anyOf = (letters: string, type: string): Alternative[] =>
    [...letters].flatMap((letter) => alternatives(letter as Letter, type))

  const narrow = (letters: string, type: string): Restriction => {
    const found = anyOf(letters, type)
    if (!found.length) return [[withIds(type, [])]]
    return found.some((clauses) => !clauses.length) ? undefined : found
  }
  const { scopes = [], roles: named = [], patient, reference } = caller ?? {}
  return {
    caller,
    isWhole: false,
    key: JSON.stringify([[...scopes].sort(), [...named].sort(), patient, reference]),
    permits: (letters, type) => anyOf(letters, type).length > 0,
    subjects: [launched, own].flatMap((id) => (id === undefined ? [] : [referenceTo('Patient', id)])),
    isForAllPatients: (letter, type) =>
      covering(letter, type).some((grant) => within(letter, type, grant).some((reached) => !reached.length)),
    isUnrestricted: (letter, type) => alternatives(letter, type).some((clauses) => !clauses.length),
    hasDuty: (duty, letter, type) =>
      covering(letter, type).some(
        ({ context, query }) =>
          !query.length &&
          (context === 'system' || (context === 'user' && roles.some(({ duties }) => duties.includes(duty)))),
      ),
    narrow,
    sees: (letters, { type, content }) => meets(narrow(letters, type), content, reading),
  }
}

const idIn = (patient: string | undefined): string | undefined => {
  const id = patient?.replace(/^Patient\//, '')
  return id !== undefined && ID.test(id) ? id : undefined
}

const withIds = (type: string, ids: readonly string[]): Clause => ({
  parameter: searchParameters(declarations.get(type)!).get('_id')!,
  kind: 'token',
  not: false,
  anyOf: ids.map((code) => ({ code })),
})

const remembered = <Value>(decide: (letter: Letter, type: string) => Value) => {
  const known = new Map<string, Value>()
  return (letter: Letter, type: string): Value => {
    const key = `${letter}${type}`
    const value = known.get(key) ?? decide(letter, type)
    known.set(key, value)
    return value
  }
}
