/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import type { Schema } from '../../primitive.ts'
import { CarePlan } from './care-plan.ts'
import { Goal } from './goal.ts'
import { ServiceRequest } from './service-request.ts'
import { Task } from './task.ts'

/** The schemas of whole resources, by type. */
export const schemas: Readonly<Record<string, Schema>> = { CarePlan, Goal, ServiceRequest, Task }
