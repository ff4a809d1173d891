import type { DeclaredParameters } from '../search/parameter.ts'
import { patientCompartment } from './generated/patient-compartment.ts'
import parameters from './generated/search-parameters.json' with { type: 'json' }

/** The published search parameters of R4 4.0.1 and US Core 8.0.0, by type and code. */
export const publishedParameters: Readonly<Record<string, DeclaredParameters>> = parameters

/** What the specification itself says of a type. @throws Error for a type that fhir-profiles/generate does not know */
export const published = (
  type: string,
): { type: string; search: DeclaredParameters; compartment: readonly string[] } => {
  const search = publishedParameters[type]
  const compartment = patientCompartment[type]
  if (!search || !compartment) throw new Error(`${type} is not among the generated types`)
  return { type, search, compartment }
}
