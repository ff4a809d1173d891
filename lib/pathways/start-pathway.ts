import { Temporal } from 'temporal-polyfill'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { resourceOf } from '../store/version.ts'
import { applyPathway, type Trigger, versionReference } from './apply.ts'
import { createCalendar } from './calendar.ts'
import { absent, creation, type Decision, nothing } from './commit.ts'
import { holds, type Variables } from './conditions.ts'
import { localDateOf } from './date-time.ts'
import { ownerFor } from './owner.ts'
import type { Input, Pathway, Step } from './pathway.ts'
import { provenanceOf } from './provenance.ts'

/** Whether so much time has passed that nothing the pathway asks for could be done any more. */
const isTooLate = ({ clock, tenant }: Careloop, { anchor }: Trigger): boolean => {
  const today = localDateOf(clock.now(), anchor.timeZone)!
  return Temporal.PlainDate.compare(anchor.date.add({ days: tenant.lateNoticeDays }), today) < 0
}

const PATIENT = /^Patient\/([A-Za-z0-9\-.]{1,64})$/

const patientOf = async ({ store }: Careloop, { subject }: Trigger): Promise<Resource | undefined> => {
  const [, id] = PATIENT.exec(subject.reference ?? '') ?? []
  const version = id === undefined ? undefined : await store.read('Patient', id)
  return version && !version.deleted ? resourceOf(version) : undefined
}

const inputOf = async ({ search }: Careloop, { type }: Input, { subject }: Trigger): Promise<Resource[]> =>
  subject.reference ? (await search.all(type, `patient=${encodeURIComponent(subject.reference)}`)).map(resourceOf) : []

/** All conditions hold. @throws ConditionFailed when one cannot be evaluated */
const applies = ({ conditions }: { conditions: readonly string[] }, variables: Variables): boolean =>
  conditions.every((condition) => holds(condition, variables))

/** The steps to take. One whose condition cannot be evaluated is left out, and the log says so. */
const stepsToTake = ({ steps }: Pathway, trigger: Trigger, variables: Variables): Step[] => {
  const decided = new Set<string>()
  return steps.filter((step) => {
    if (step.oneOf && decided.has(step.oneOf)) return false
    try {
      if (!applies(step, variables)) return false
    } catch (error) {
      const { reference, version } = trigger
      logLine({ event: 'condition', reference, version, action: step.id, outcome: 'failed', error: errorName(error) })
      return false
    }
    if (step.oneOf) decided.add(step.oneOf)
    return true
  })
}

/**
 * Decides what a pathway asks for and has not got: its CarePlan, the Tasks of the steps that apply, the pool they go to, and the
 * Provenance of it all.
 * @throws ConditionFailed when a condition of the pathway as a whole cannot be evaluated
 */
export const startPathway = async (
  careloop: Careloop,
  pathway: Pathway,
  trigger: Trigger,
  context: Variables,
): Promise<Decision> => {
  if (isTooLate(careloop, trigger)) return nothing('too-late')
  const { store, clock, tenant } = careloop
  const patient = await patientOf(careloop, trigger)
  const inputs = await Promise.all(
    pathway.inputs.map(async (input) => [input.name, await inputOf(careloop, input, trigger)] as const),
  )
  const variables: Variables = { ...context, subject: patient, ...Object.fromEntries(inputs) }
  if (!applies(pathway, variables)) return nothing('not-applicable')

  const now = clock.now()
  const steps = stepsToTake(pathway, trigger, variables)
  const owner = await ownerFor(careloop, trigger.subject, patient)
  const calendar = createCalendar(tenant.holidays)
  const work = applyPathway({ pathway, steps, trigger, owner, calendar, now })
  const created = await absent(store, owner.pool ? [...work, owner.pool] : work)
  const provenance = provenanceOf(
    {
      act: [trigger.reference, pathway.url],
      targets: created.map(({ resourceType, id }) => referenceTo(resourceType, id!)),
      trigger: versionReference(trigger.reference, trigger.version),
      policy: pathway.canonical,
      activity: 'CREATE',
    },
    now,
  )
  return { outcome: 'started', writes: [...created, provenance].map(creation) }
}
