import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'

/** The same with a clock that is not behind `at`: that of the tick which found out may be ahead of this process's own. */
export const notBefore = (careloop: Careloop, at: Instant): Careloop => ({
  ...careloop,
  clock: { now: () => [careloop.clock.now(), at].sort()[1]! },
})
