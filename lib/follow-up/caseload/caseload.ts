import type { ParametersParameter } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Instant } from '../../fhir.ts'
import type { Interaction } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { neverExisted } from '../../interactions/read.ts'
import { parametersOf } from '../parameters.ts'
import { ACUITIES, ACUITY_WEIGHTS } from './acuity.ts'
import { unavailable } from './availability.ts'
import { isNew } from './load.ts'
import { capacityOf } from './settings.ts'
import { tooManyRoles } from './too-many-roles.ts'
import { type Worker, workersOf } from './workers.ts'

/** How much people have to carry: of all roles, or of one, whose cases are then named. `GET PractitionerRole/$caseload` */
export const caseload: Interaction = async (careloop, request) => {
  const { type, id } = request
  operationParameters(request, [])
  const workers = await tooManyRoles(workersOf(careloop, id ? [id] : undefined))
  if (id && !workers.length) throw neverExisted(type)
  const now = careloop.clock.now()
  const parameter = workers.map((worker) => ({
    name: 'worker',
    part: [...partsOf(careloop, worker, now), ...(id ? casesOf(worker, now) : [])],
  }))
  const patients = id ? workers.flatMap(({ cases }) => cases.map(({ patient }) => patient)) : []
  return { status: 200, patients, resource: parametersOf(parameter) }
}

/** To two decimals, as people compare it. */
export const shareOf = (load: number, capacity: number): number | undefined =>
  capacity > 0 ? Math.round((load / capacity) * 100) / 100 : undefined

const partsOf = ({ tenant }: Careloop, worker: Worker, now: Instant): ParametersParameter[] => {
  const { reference, role, load } = worker
  const { counts } = load
  const capacity = capacityOf(role, tenant)
  const share = shareOf(load.total, capacity)
  const why = unavailable(role, now, undefined, tenant.timeZone)
  const count = (name: string, valueInteger: number): ParametersParameter => ({ name, valueInteger })
  return [
    { name: 'role', valueReference: { reference } },
    ...(role.practitioner ? [{ name: 'practitioner', valueReference: role.practitioner }] : []),
    { name: 'load', valueDecimal: load.total },
    { name: 'capacity', valueDecimal: capacity },
    ...(share === undefined ? [] : [{ name: 'utilization', valueDecimal: share }]),
    { name: 'available', valueBoolean: why === undefined },
    ...(why ? [{ name: 'unavailable', valueCode: why }] : []),
    {
      name: 'made-of',
      part: [
        { name: 'acuity', valueDecimal: load.acuity },
        { name: 'new-cases', valueDecimal: load.newCases },
        { name: 'tasks', valueDecimal: load.tasks },
      ],
    },
    {
      name: 'cases',
      part: [
        count('all', worker.cases.length),
        ...ACUITIES.map((acuity) => count(acuity, counts[acuity])),
        count('new', counts.new),
      ],
    },
    {
      name: 'tasks',
      part: [count('open', counts.open), count('due-in-7-days', counts.dueSoon), count('overdue', counts.overdue)],
    },
  ]
}

const casesOf = ({ cases }: Worker, now: Instant): ParametersParameter[] =>
  cases.map((one) => ({
    name: 'case',
    part: [
      { name: 'patient', valueReference: { reference: one.patient } },
      { name: 'acuity', valueCode: one.acuity },
      { name: 'weight', valueDecimal: ACUITY_WEIGHTS[one.acuity] },
      { name: 'new', valueBoolean: isNew(one, now) },
      ...(one.basis ? [{ name: 'basis', valueReference: { reference: one.basis } }] : []),
      ...(one.since ? [{ name: 'since', valueInstant: one.since }] : []),
    ],
  }))
