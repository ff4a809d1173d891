import type { CompartmentDefinition } from 'fhir/r4'

/** The parameters that put a resource of each type into a patient's compartment. https://hl7.org/fhir/R4/compartmentdefinition-patient.html */
export const compartmentParameters = (definition: CompartmentDefinition, type: string): string[] =>
  definition.resource?.find((resource) => resource.code === type)?.param ?? []
