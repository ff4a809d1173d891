import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Bundle, Encounter, Patient, Provenance, Task } from 'fhir/r4'
import { createFhirClient, type FhirClient } from './fhir-client.ts'
import { expectThat, type Narrator } from './narrator.ts'
import type { Service } from './service.ts'

/** Where the hospital is. */
export const TIME_ZONE = 'America/Chicago'
/** Friday morning. */
export const BEGINNING = '2026-11-20T15:00:00.000Z'

const FOLDER = join(import.meta.dirname, '..', '..', 'fhir-profiles', 'examples')
const example = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T

/** What the service says of an event that it could not process after all retries. */
const GAVE_UP = /^Gave up after/

const SHOWN_WITHIN_MS = 2_000
const LOOK_EVERY_MS = 50

/** What transitional care asks for after a discharge on Friday, and by when: the last second of the day in Chicago. */
const DUE: Readonly<Record<string, string>> = {
  'tcm-interactive-contact': '2026-11-25T05:59:59.000Z',
  'tcm-med-rec': '2026-12-05T05:59:59.000Z',
  'tcm-visit-14d': '2026-12-05T05:59:59.000Z',
  'tcm-period': '2026-12-20T05:59:59.000Z',
}

const codeOf = ({ code }: Task): string => code?.coding?.[0]?.code ?? 'without a code'
const dueOf = ({ restriction }: Task): string => restriction?.period?.end ?? ''
const stateOf = ({ status, businessStatus }: Task): string => businessStatus?.coding?.[0]?.code ?? status

const isOverdue = (task: Task): boolean => stateOf(task) === 'overdue'
const titleOf = ({ description, code }: Task): string =>
  description?.split('.')[0] ?? code?.coding?.[0]?.display ?? 'Task'
const toneOf = (task: Task) => (task.status === 'completed' ? 'done' : isOverdue(task) ? 'late' : 'plain')

export interface StoryParts {
  service: Service
  narrator: Narrator
}

/** Tells how a discharge becomes work that nobody can lose, and checks every word of it. @throws NotAsTold */
export const tellDischargeStory = async ({ service, narrator }: StoryParts): Promise<void> => {
  const api = createFhirClient(service.baseUrl, service.token)
  const bundle = example<Bundle>('story-discharge.json')
  const finished = example<Encounter>('story-discharge-encounter-finished.json')
  const patient = finished.subject!.reference!
  const codes = Object.keys(DUE).join()
  const tasksOf = (query = '') => api.search<Task>(`Task?patient=${patient}&code=${codes}&_sort=due-date${query}`)
  const escalationsOf = ({ id }: Task) => api.search<Task>(`Task?part-of=Task/${id}&code=escalation`)
  const show = (tasks: readonly Task[]) => {
    for (const task of tasks) {
      const state = task.status === 'completed' ? 'completed' : stateOf(task)
      narrator.row([`due ${narrator.time(dueOf(task))}`, titleOf(task), state], toneOf(task))
    }
  }
  const goTo = async (at: string, text: string) => {
    await service.moveClock(at)
    narrator.scene(at, text)
  }

  narrator.scene(BEGINNING, 'Amelia Brandt is in General Hospital with heart failure.')
  await admit(api, bundle, narrator)

  await goTo('2026-11-20T20:00:00.000Z', 'She goes home.')
  narrator.act(`General Hospital ends the stay: PUT Encounter/${finished.id}, status "finished"`)
  await api.update(finished, `Encounter/${finished.id}`)
  const tasks = await firstTasks(tasksOf, narrator)
  show(tasks)
  checkDueDates(tasks)
  narrator.found('The call is due after two business days, and each task at the last second of its day in Chicago')
  await checkReason(api, tasks[0]!, narrator)

  await goTo('2026-11-23T16:30:00.000Z', "Dr. Osei's pharmacist compares her medicines with the discharge list.")
  const medications = tasks.find((task) => codeOf(task) === 'tcm-med-rec')!
  narrator.act(`PUT Task/${medications.id}, status "completed", with the reconciled list as its output`)
  const list = { type: { text: 'Reconciled list' }, valueReference: { type: 'List', display: 'Medicines reconciled' } }
  await api.update({ ...medications, status: 'completed', output: [list] }, `Task/${medications.id}`)
  const open = await tasksOf('&status=ready')
  expectThat(open.length === 3, `Three tasks should be open, not ${open.length}.`)
  narrator.found('One task is done, three are open')

  await goTo('2026-11-25T14:00:00.000Z', 'Tuesday has passed, and nobody has called her.')
  const late = await tasksOf()
  const call = overdueCall(late)
  const escalations = await escalationsOf(call)
  show([...late, ...escalations])
  checkEscalation(call, escalations)
  narrator.found('The call is overdue since midnight, still with its owner and its history')
  narrator.found('The care supervisors have one escalation; it is due on Friday, for Thursday is Thanksgiving')

  await goTo('2026-11-26T14:00:00.000Z', 'Another day passes.')
  checkEscalation(call, await escalationsOf(call))
  narrator.found('Still one escalation: however often the clock strikes, nobody is told twice')
  const given = service.log.filter((line) => GAVE_UP.test(line))
  expectThat(given.length === 0, `${given.length} events could not be processed: ${given[0]}`)
}

const admit = async (api: FhirClient, bundle: Bundle, narrator: Narrator): Promise<void> => {
  narrator.act('General Hospital sends what it knows: one transaction Bundle to POST /fhir')
  const { entry = [] } = await api.transaction(bundle)
  const created = entry.filter(({ response }) => response?.status.startsWith('201')).length
  expectThat(created === bundle.entry!.length, `${bundle.entry!.length} resources should be created, not ${created}.`)
  const [patient] = await api.search<Patient>('Patient?family=Brandt')
  expectThat(patient !== undefined, 'The patient should be found by name at once.')
  narrator.found(
    `${created} resources: patient, care team, coverage, consent, stay, condition, medicine, goal. All or none`,
  )
}

const firstTasks = async (tasksOf: () => Promise<Task[]>, narrator: Narrator): Promise<Task[]> => {
  const wanted = Object.keys(DUE).length
  const started = performance.now()
  for (;;) {
    const tasks = await tasksOf()
    const milliseconds = performance.now() - started
    if (tasks.length === wanted) {
      narrator.found(
        `${(milliseconds / 1000).toFixed(1)} s later her care manager has ${wanted} tasks, beside those of other programmes`,
      )
      return tasks
    }
    expectThat(
      milliseconds < SHOWN_WITHIN_MS,
      `${wanted} tasks should be there within ${SHOWN_WITHIN_MS / 1000} s of the discharge, not ${tasks.length}.`,
    )
    await delay(LOOK_EVERY_MS)
  }
}

const checkDueDates = (tasks: readonly Task[]): void => {
  for (const task of tasks) {
    const due = new Date(dueOf(task)).toISOString()
    expectThat(due === DUE[codeOf(task)], `${codeOf(task)} should be due ${DUE[codeOf(task)]}, not ${due}.`)
    expectThat(
      task.owner?.reference === 'PractitionerRole/care-manager',
      `${codeOf(task)} should be with the care manager, not with ${task.owner?.reference}.`,
    )
  }
}

const checkReason = async (api: FhirClient, task: Task, narrator: Narrator): Promise<void> => {
  const [provenance] = await api.search<Provenance>(`Provenance?target=Task/${task.id}`)
  const rule = provenance?.policy?.[0]?.split('/').at(-1)
  const trigger = provenance?.entity?.[0]?.what.reference
  expectThat(
    rule !== undefined && trigger !== undefined,
    'A task that a rule made should have a Provenance that names rule and trigger.',
  )
  narrator.found(`Each says why it is there: rule ${rule}, because of ${trigger}`)
}

const overdueCall = (tasks: readonly Task[]): Task => {
  const overdue = tasks.filter(isOverdue)
  expectThat(
    overdue.length === 1 && codeOf(overdue[0]!) === 'tcm-interactive-contact',
    `The call alone should be overdue, not ${overdue.map(codeOf).join(', ') || 'nothing'}.`,
  )
  return overdue[0]!
}

const checkEscalation = (call: Task, escalations: readonly Task[]): void => {
  expectThat(escalations.length === 1, `There should be one escalation, not ${escalations.length}.`)
  expectThat(
    escalations[0]!.owner?.reference !== call.owner?.reference,
    'The escalation should belong to the supervisors.',
  )
}
