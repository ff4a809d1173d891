import { clocks } from './care-plan-clocks.ts'
import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { carePlanLifecycle } from './lifecycle/request.ts'
import { planEnd } from './plan-end.ts'
import { published } from './published.ts'

/** https://hl7.org/fhir/R4/careplan.html */
export const carePlan: ResourceDeclaration = {
  ...published('CarePlan'),
  order: { parameter: 'date' },
  check: contentCheck('CarePlan'),
  lifecycle: carePlanLifecycle,
  clocks(resource, calendar, after) {
    const end = planEnd(resource, calendar)
    return [...clocks(resource, calendar, after), ...(end ? [end] : [])]
  },
}
