import type { Communication, Encounter, Task } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import type { Random } from './random.ts'

/** What a worker means to do about a Task, and when. */
export interface Intention {
  at: Temporal.Instant
  taskId: string
  deed: 'call' | 'visit' | 'complete'
  reached: boolean
}

const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * HOUR_MINUTES

/** Of all Tasks this many are never looked at, so that clocks have something to do. */
const NEGLECTED = 0.12
const REACHED = 0.6
const MOST_CALLS = 4

const CALLED = ['tcm-interactive-contact', 'trc-engagement', 'high-risk-call-48h', 'tcm-second-call', 'fmc-7']
/** What comes again and again is done on its day. */
const PROMPT = ['recurring-activity']
const VISITED = ['tcm-visit-7d', 'tcm-visit-14d']
/** Evidence rows and escalations have other ends. */
const codeOf = (task: Task): string => task.code?.coding?.[0]?.code ?? ''

/** How a worker goes about a new Task. Nobody does anything about work that is the software's own. */
export const intentionsFor = (random: Random, task: Task, now: Temporal.Instant): Intention[] => {
  const taskId = task.id!
  if (task.status !== 'ready' || random.chance(NEGLECTED)) return []
  const latest = PROMPT.includes(codeOf(task)) ? 12 * HOUR_MINUTES : 4 * DAY_MINUTES
  const first = now.add({ minutes: random.between(HOUR_MINUTES, latest) })
  if (!CALLED.includes(codeOf(task)))
    return [{ at: first, taskId, deed: VISITED.includes(codeOf(task)) ? 'visit' : 'complete', reached: true }]
  const intentions: Intention[] = []
  let at = first
  for (let call = 1; call <= MOST_CALLS; call += 1) {
    const reached = random.chance(REACHED)
    intentions.push({ at, taskId, deed: 'call', reached })
    if (reached) break
    at = at.add({ minutes: random.between(HOUR_MINUTES, DAY_MINUTES) })
  }
  return intentions
}

const CONTACT_ATTEMPT = {
  system: 'https://careloop.dev/fhir/CodeSystem/communication-category',
  code: 'contact-attempt',
}
const CONTACT_OUTCOME = 'https://careloop.dev/fhir/StructureDefinition/contact-outcome'
const CLINICIAN = { reference: 'Practitioner/osei' }
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

/** The record of a call: somebody was reached or not. */
export const callOf = (task: Task, { at, reached }: Intention): Communication => ({
  resourceType: 'Communication',
  id: `call-${task.id}-${at.epochMilliseconds}`,
  extension: [{ url: CONTACT_OUTCOME, valueCode: reached ? 'reached' : 'no-answer' }],
  status: 'completed',
  category: [{ coding: [CONTACT_ATTEMPT] }],
  ...(task.for && { subject: task.for, recipient: [task.for] }),
  sent: at.toString(),
})

/** The patient came to see a clinician. */
export const visitOf = (task: Task, { at }: Intention): Encounter => ({
  resourceType: 'Encounter',
  id: `visit-${task.id}`,
  status: 'finished',
  class: { system: ACT_CODE, code: 'AMB' },
  ...(task.for && { subject: task.for }),
  participant: [{ individual: task.owner?.reference?.startsWith('Practitioner/') ? task.owner : CLINICIAN }],
  period: { start: at.toString(), end: at.add({ minutes: 30 }).toString() },
})
