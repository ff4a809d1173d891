import { careloopFromEnvironment } from '../lib/environment.ts'
import { fhirApi } from '../lib/http/fhir-api.ts'
// Loaded with the function, not with its first request: they are what it is there for.
import '../lib/follow-up/team/time-report.ts'
import '../lib/interactions/apply-plan-definition.ts'
import '../lib/interactions/explain.ts'
import '../lib/interactions/readmission-risk.ts'
import '../lib/interactions/transition-report.ts'

/** Plan definitions, and the operations that evaluate FHIRPath on what is stored. */
export const handler = fhirApi(careloopFromEnvironment(), ['PlanDefinition', 'Task', 'Encounter', 'Goal'])
