import type { CommunicationRequest, Provenance, Task } from 'fhir/r4'
import type { Careloop } from '../../lib/careloop.ts'
import { dueInstant, isOpen, isUnattended } from '../../lib/pathways/due.ts'
import { isEscalation } from '../../lib/pathways/escalation.ts'
import { isWithdrawn } from '../../lib/pathways/follow-task.ts'
import type { SimulatedTenant } from '../flows/simulated-tenant.ts'
import { callsForContact, contactDue, isBusinessDay } from './expected.ts'
import { type Promises, referenceOf } from './promises.ts'
import type { Stay } from './stays.ts'

export interface CheckedWorld {
  tenant: Pick<SimulatedTenant, 'all' | 'now'> & { careloop: Pick<Careloop, 'tenant'> }
  /** what the hospitals said last of each stay, by patient */
  stays: ReadonlyMap<string, readonly Stay[]>
  dead: ReadonlySet<string>
  /** what people and other systems wrote */
  written: ReadonlySet<string>
  tasks: readonly Task[]
  promises: Promises
}

const codeOf = ({ code }: Task): string => code?.coding?.[0]?.code ?? ''
const businessStatusOf = ({ businessStatus }: Task): string => businessStatus?.coding?.[0]?.code ?? ''
const partOf = ({ partOf = [] }: Task): string => partOf[0]?.reference ?? ''

/** Each due date that was counted in business days. */
const BUSINESS_DAY_CODES = ['tcm-interactive-contact', 'escalation', 'bereavement-closure', 'hospice-hand-over']

/** Looks at all that there is in the end of the stays in hospital, and of Tasks whatever they are about. */
export const checkWorld = async ({ tenant, stays, dead, written, tasks, promises }: CheckedWorld): Promise<void> => {
  const provenances = await tenant.all<Provenance>('Provenance', '', Number.POSITIVE_INFINITY)
  const reminders = await tenant.all<CommunicationRequest>('CommunicationRequest', '', Number.POSITIVE_INFINITY)
  const { timeZone } = tenant.careloop.tenant
  const check = (promise: string) => promises.check(promise)
  const isDue = (task: Task): boolean => (dueInstant(task, timeZone) ?? '9999') <= tenant.now

  const contacts = new Map<string, Task[]>()
  const once = check('No work of a discharge is there twice')
  const perStep = new Map<string, number>()
  for (const task of tasks) {
    if (isEscalation(task) || !task.encounter?.reference) continue
    const key = `${task.encounter.reference} ${task.instantiatesCanonical?.split('|')[0]} ${codeOf(task)}`
    perStep.set(key, (perStep.get(key) ?? 0) + 1)
    if (codeOf(task) === 'tcm-interactive-contact')
      contacts.set(task.encounter.reference, [...(contacts.get(task.encounter.reference) ?? []), task])
  }
  for (const [key, count] of perStep) once(key, count === 1)

  const asked = check('Every discharge to a community setting has its contact Task, due by the calendar')
  const unasked = check('Nobody is to be called after death, readmission, an undone discharge or a stay elsewhere')
  for (const all of stays.values())
    for (const stay of all) {
      const wanted = callsForContact(stay, all, dead.has(stay.patientId))
      const [task] = contacts.get(`Encounter/${stay.id}`) ?? []
      if (wanted === true) {
        const due = task?.restriction?.period?.end?.slice(0, 10)
        const isRight = task !== undefined && !isWithdrawn(task) && (!isOpen(task) || due === contactDue(stay))
        asked(`Encounter/${stay.id}`, isRight)
      }
      if (wanted === false) unasked(`Encounter/${stay.id}`, task === undefined || !isOpen(task))
    }

  const late = check('Every open Task past its due date says so and has one open escalation at each level')
  const closed = check('No closed Task has an open escalation or an active reminder')
  const escalations = new Map<string, Task[]>()
  for (const task of tasks.filter(isEscalation))
    escalations.set(partOf(task), [...(escalations.get(partOf(task)) ?? []), task])
  const reminded = new Set(
    reminders.filter(({ status }) => status === 'active').flatMap(({ about = [] }) => about[0]?.reference ?? []),
  )
  for (const task of tasks) {
    if (isEscalation(task) || isUnattended(task)) continue
    const open = (escalations.get(referenceOf(task)) ?? []).filter(isOpen)
    if (!isOpen(task)) closed(referenceOf(task), open.length === 0 && !reminded.has(referenceOf(task)))
    else if (isDue(task)) {
      const all = escalations.get(referenceOf(task)) ?? []
      const levels = open.map(({ reasonCode }) => reasonCode?.coding?.[0]?.code)
      const isSaid = ['overdue', 'escalated', 'attempts-met'].includes(businessStatusOf(task))
      late(referenceOf(task), isSaid && all.length > 0 && new Set(levels).size === levels.length)
    }
  }

  const workdays = check('No due date counted in business days falls on a weekend or a holiday')
  for (const task of tasks) {
    const end = task.restriction?.period?.end
    if (end && BUSINESS_DAY_CODES.includes(codeOf(task))) workdays(referenceOf(task), isBusinessDay(end.slice(0, 10)))
  }

  const recorded = check('Everything the automation made or withdrew is told of by a Provenance')
  const told = new Set(provenances.flatMap(({ target }) => target.map(({ reference }) => reference)))
  for (const task of tasks)
    if (!written.has(referenceOf(task)) || isWithdrawn(task)) recorded(referenceOf(task), told.has(referenceOf(task)))
}
