import type { ParametersParameter } from 'fhir/r4'
import type { Resource } from '../fhir.ts'

/** A Parameters; FHIR knows no empty lists. */
export const parametersOf = (parameter: readonly ParametersParameter[]): Resource => ({
  resourceType: 'Parameters',
  ...(parameter.length && { parameter: [...parameter] }),
})
