import { contentCheck } from './content-check.ts'
import type { NamedQuery, ResourceDeclaration } from './declaration.ts'
import { taskLifecycle } from './lifecycle/task.ts'
import { published } from './published.ts'
import { clocks, openTaskStatuses } from './task-clocks.ts'

export { openTaskStatuses }

const { search } = published('Task')

/** The open work of a person: their own, that of their roles and that of their teams, the most urgent first, then by due date. */
const worklist: NamedQuery = {
  definition: 'https://careloop.dev/fhir/OperationDefinition/Task-worklist',
  criteria: [['status', openTaskStatuses.join()]],
  sort: '-priority,due-date',
  parameters: {
    worker: {
      reference: 'owner',
      through: [
        { type: 'PractitionerRole', reference: 'practitioner', criteria: [['active:not', 'false']] },
        {
          type: 'CareTeam',
          reference: 'participant',
          criteria: [['status:not', 'proposed,suspended,inactive,entered-in-error']],
        },
      ],
    },
  },
}

/** https://hl7.org/fhir/R4/task.html */
export const task: ResourceDeclaration = {
  type: 'Task',
  search: {
    ...search,
    // fhir-profiles/search-parameters: R4 searches only the period of execution, not the one asked for
    'due-date': 'date restriction.period.end:dateTime',
    'start-date': 'date restriction.period.start:dateTime',
    priority: 'token(routine,urgent,asap,stat) priority:code',
    // SDOH Clinical Care 3.0.0
    output: 'reference output.valueReference:Reference',
  },
  // R4 leaves Task out of the compartment; R5 puts it there by these.
  compartment: ['patient', 'focus'],
  order: {
    parameter: 'due-date',
    point: true,
    listed: true,
    open: {
      element: 'status',
      codes: openTaskStatuses,
      lists: ['owner', 'patient'],
      urgent: { parameter: 'priority', lists: ['owner'] },
    },
  },
  queries: { worklist },
  check: contentCheck('Task'),
  lifecycle: taskLifecycle,
  clocks,
}
