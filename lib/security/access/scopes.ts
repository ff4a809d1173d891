import type { Caller, Parameter } from '../../interactions/interaction.ts'

/** What can be done, in the order in which SMART writes it: create, read, update, delete, search. */
export const LETTERS = 'cruds'
export type Letter = 'c' | 'r' | 'u' | 'd' | 's'

/** In whose name: of the patient of the launch, of the user, or of the client itself. */
export type Context = 'patient' | 'user' | 'system'

/** One scope, understood. */
export interface Grant {
  context: Context
  /** `*`: every type */
  type: string
  letters: string
  /** only resources that a search with these parameters would find; none: all of them */
  query: readonly Parameter[]
}

/** Whether a client acts for itself: it has scopes of its own only, and no user stands behind it. */
export const isSystem = ({ reference, roles = [], scopes = [] }: Caller): boolean => {
  const grants = parseScopes(scopes)
  return (
    reference === undefined && !roles.length && grants.length > 0 && grants.every(({ context }) => context === 'system')
  )
}

const SCOPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.([a-z]+|\*)(?:\?(.+))?$/s

/** https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources */
const VERSION_1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': LETTERS }
const VERSION_2 = /^(?=.)c?r?u?d?s?$/

/**
 * What scopes say of FHIR resources, in version 1 (`patient/Task.read`) and version 2 (`patient/Task.rs?status=requested`) of SMART. Whatever
 * else is among them (`openid`, `launch`, what is misspelt) grants nothing.
 */
export const parseScopes = (scopes: readonly string[]): Grant[] => scopes.flatMap((scope) => grantOf(scope) ?? [])

const grantOf = (scope: string): Grant | undefined => {
  const [, context, type, permissions = '', query] = SCOPE.exec(scope) ?? []
  if (context === undefined || type === undefined) return undefined
  const first = Object.hasOwn(VERSION_1, permissions) ? VERSION_1[permissions] : undefined
  if (first !== undefined && query !== undefined) return undefined
  const letters = first ?? (VERSION_2.test(permissions) ? permissions : undefined)
  const parameters = query === undefined ? [] : parametersIn(query)
  if (letters === undefined || parameters === undefined) return undefined
  return { context: context as Context, type, letters, query: parameters }
}

/** Undefined for what cannot be read as parameters: it must not be taken for no restriction. */
const parametersIn = (query: string): Parameter[] | undefined => {
  const pairs = query.split('&').map((pair) => /^([^=]+)=(.+)$/s.exec(pair))
  if (pairs.some((pair) => !pair)) return undefined
  try {
    return pairs.map((pair) => [decodeURIComponent(pair![1]!), decodeURIComponent(pair![2]!)])
  } catch {
    return undefined
  }
}
