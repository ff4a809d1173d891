import type { CodeSystem, ValueSet } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import type { Occurrence } from './element-value.ts'
import type { Terminology } from './membership.ts'
import type { Profile } from './profile-tree.ts'

export type Finding = Problem & Required<Pick<Problem, 'severity' | 'expression'>>

/** What is at hand while a resource is looked at. What is asked for and not loaded yet is noted, to be loaded for another look. */
export interface Definitions extends Terminology {
  profile(canonical: string): Profile | undefined
  valueSet(canonical: string): ValueSet | undefined
  codeSystem(url: string): CodeSystem | undefined
}

/** A FHIRPath rule that an occurrence is to be held against. */
export interface Rule {
  key: string
  expression: string
  severity: 'error' | 'warning'
  human: string
  profile: string
  on: Occurrence
  /** what FHIRPath is told the occurrence is: a datatype or the path of an element; none: a resource */
  base?: string
}

/** One look at one resource. */
export interface Look {
  definitions: Definitions
  resource: Resource
  profile: Profile
  findings: Finding[]
  rules: Rule[]
}

/** Notes what breaks a rule of the profile. The text goes on from the expression, and says nothing of the resource's values. */
export const note = (
  { findings, profile }: Look,
  expression: string,
  code: NonNullable<Problem['code']>,
  text: string,
  severity: Finding['severity'] = 'error',
): void => {
  findings.push({ severity, code, expression, text: `${expression} ${text} (${profile.canonical})` })
}
