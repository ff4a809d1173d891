import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { clocks } from './goal-clocks.ts'
import { goalLifecycle } from './lifecycle/goal.ts'
import { published } from './published.ts'

/** https://hl7.org/fhir/R4/goal.html */
export const goal: ResourceDeclaration = {
  ...published('Goal'),
  order: { parameter: 'target-date', repeats: true },
  check: contentCheck('Goal'),
  lifecycle: goalLifecycle,
  clocks,
}
