/** What pathways can be triggered by: a phase that an Encounter has come to, and is not taken back from. */
export type Phase = 'encounter-admitted' | 'encounter-discharged' | 'ed-visit-started' | 'ed-visit-ended'

export const PHASES: readonly Phase[] = [
  'encounter-admitted',
  'encounter-discharged',
  'ed-visit-started',
  'ed-visit-ended',
]
