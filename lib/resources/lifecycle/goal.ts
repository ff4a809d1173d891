import type { Lifecycle } from './lifecycle.ts'

/** HL7 publishes no machine of it: this one is ours. https://hl7.org/fhir/R4/valueset-goal-status.html */
// biome-ignore format: it is a table
const edges = {
  proposed:           ['planned', 'accepted', 'active', 'rejected', 'cancelled', 'entered-in-error'],
  planned:            ['accepted', 'active', 'cancelled', 'rejected', 'entered-in-error'],
  accepted:           ['active', 'on-hold', 'completed', 'cancelled', 'entered-in-error'],
  active:             ['on-hold', 'completed', 'cancelled', 'entered-in-error'],
  'on-hold':          ['active', 'completed', 'cancelled', 'entered-in-error'],
  completed:          ['active', 'entered-in-error'],
  cancelled:          ['entered-in-error'],
  rejected:           ['entered-in-error'],
  'entered-in-error': [],
} as const

export const goalLifecycle: Lifecycle = { element: 'lifecycleStatus', edges }
