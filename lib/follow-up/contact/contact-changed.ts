import type { Communication, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { EventSubject } from '../../events/contract.ts'
import { openTaskStatuses } from '../../resources/task.ts'
import { resourceOf } from '../../store/version.ts'
import { contactStepOf } from '../codes.ts'
import { readLast } from '../read-last.ts'
import { lookAgainAtReferrals } from '../referrals/referral-changed.ts'
import { countsAttempts, isContactTask } from './counted-task.ts'
import { reconcileContact } from './reconcile.ts'

/** What an attempt was made for, as it says. */
const madeFor = ({ about = [], basedOn = [], partOf = [] }: Communication): string[] =>
  [...about, ...basedOn, ...partOf].flatMap(({ reference }) => reference ?? [])

/** Open Tasks of a patient that an attempt may bear on though it does not name them. */
const waiting = async ({ search }: Careloop, patient: string | undefined): Promise<string[]> => {
  if (patient === undefined) return []
  const found = await search.all('Task', `patient=${encodeURIComponent(patient)}&status=${openTaskStatuses.join()}`)
  const tasks = found.map((version) => resourceOf(version) as unknown as Task)
  return tasks.filter((task) => isContactTask(task) || countsAttempts(task)).map(({ id }) => `Task/${id}`)
}

/** The Tasks whose ladder an event bears on. */
const concerned = async (careloop: Careloop, { reference, patient }: EventSubject): Promise<string[]> => {
  const resource = await readLast(careloop, reference)
  if (!resource) return []
  if (resource.resourceType === 'Communication') {
    const named = madeFor(resource as unknown as Communication).filter((each) => each.startsWith('Task/'))
    return [...named, ...(await waiting(careloop, patient))]
  }
  const task = resource as unknown as Task
  return [contactStepOf(task) ? (task.focus?.reference ?? '') : reference]
}

/**
 * Lets Tasks follow the attempts to reach their client. The event only says where to look; one Task that fails does not keep the others
 * from their turn. @throws what the first that failed threw
 */
export const contactChanged = async (careloop: Careloop, event: EventSubject): Promise<string> => {
  const outcomes: string[] = []
  const failures: unknown[] = []
  const attempt = async (follow: Promise<string>) =>
    follow.then(
      (outcome) => outcomes.push(outcome),
      (error) => failures.push(error),
    )
  for (const reference of new Set(await concerned(careloop, event)))
    if (reference.startsWith('Task/')) await attempt(reconcileContact(careloop, reference.slice('Task/'.length)))
  if (event.reference.startsWith('Communication/')) {
    const communication = (await readLast(careloop, event.reference)) as unknown as Communication | undefined
    await attempt(lookAgainAtReferrals(careloop, communication ? madeFor(communication) : []))
  }
  if (failures.length) throw failures[0]
  return outcomes.join() || 'nothing'
}
