import type { Goal, List, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { dueInstant } from '../../pathways/due.ts'
import { openTaskStatuses } from '../../resources/task-clocks.ts'
import { teamWork } from './codes.ts'

const OPEN_GOALS = ['proposed', 'planned', 'accepted', 'active', 'on-hold']

export interface Agenda {
  goals: readonly Goal[]
  overdue: readonly Task[]
}

/** What there is to talk about: the patient's open goals, and the work that should have been done, the oldest first. */
export const agendaFor = async ({ search, tenant }: Careloop, patient: string, now: Instant): Promise<Agenda> => {
  const about = `patient=${encodeURIComponent(patient)}`
  const [goals, tasks] = await Promise.all([
    search.all('Goal', `${about}&lifecycle-status=${OPEN_GOALS.join()}`),
    search.all('Task', `${about}&status=${openTaskStatuses.join()}`),
  ])
  const due = (task: Task): Instant | undefined => dueInstant(task, tenant.timeZone)
  return {
    goals: goals.map(({ content }) => content as unknown as Goal),
    overdue: tasks
      .map(({ content }) => content as unknown as Task)
      .filter((task) => (due(task) ?? now) < now)
      .sort((a, b) => (due(a)! < due(b)! ? -1 : 1)),
  }
}

const entryOf = (text: string) => (resource: Goal | Task) => ({
  flag: { text },
  item: { reference: referenceTo(resource.resourceType, resource.id!) },
})

/** The agenda as it stood. https://hl7.org/fhir/R4/list.html */
export const agendaList = (
  id: string,
  { goals, overdue }: Agenda,
  { subject, now }: { subject: string; now: Instant },
): Resource => {
  const entry = [...overdue.map(entryOf('overdue')), ...goals.map(entryOf('open goal'))]
  const list: List = {
    resourceType: 'List',
    id,
    status: 'current',
    mode: 'snapshot',
    title: 'Agenda',
    code: teamWork('conference-agenda'),
    subject: { reference: subject },
    date: now,
    ...(entry.length
      ? { entry }
      : {
          emptyReason: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'nilknown' }],
          },
        }),
  }
  return list as unknown as Resource
}
