import type { Lifecycle } from './lifecycle.ts'

/** https://hl7.org/fhir/R4/request.html#statemachine; from draft to revoked, and from on-hold to revoked or completed, is ours. */
// biome-ignore format: it is a table
const edges = {
  draft:              ['active', 'revoked', 'entered-in-error'],
  active:             ['on-hold', 'completed', 'revoked', 'entered-in-error'],
  'on-hold':          ['active', 'revoked', 'completed', 'entered-in-error'],
  unknown:            ['draft', 'active', 'on-hold', 'completed', 'revoked', 'entered-in-error'],
  completed:          ['entered-in-error'],
  revoked:            ['entered-in-error'],
  'entered-in-error': [],
} as const

const request: Lifecycle = { element: 'status', edges }

export const carePlanLifecycle: Lifecycle = {
  ...request,
  cascades: [
    { to: ['on-hold'], effect: 'pause-activities' },
    { from: ['on-hold'], to: ['active'], effect: 'resume-activities' },
    { to: ['completed', 'revoked'], effect: 'close-activities' },
  ],
}

export const serviceRequestLifecycle: Lifecycle = {
  ...request,
  cascades: [{ to: ['revoked'], effect: 'withdraw-tasks' }],
}
