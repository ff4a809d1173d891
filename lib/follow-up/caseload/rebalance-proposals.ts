import type { ParametersParameter, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Interaction } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { boundedly } from '../../store/backoff.ts'
import { parametersOf } from '../parameters.ts'
import { candidateOf, wantedFor } from './candidates.ts'
import { ASSIGNMENT_REASON } from './codes.ts'
import { isNew, loadOf, weightOf } from './load.ts'
import { type Carrier, type Movable, rebalance } from './rebalance.ts'
import { tooManyRoles } from './too-many-roles.ts'
import { type Worker, workersOf } from './workers.ts'

const AT_ONCE = 8

/** Which cases had better be somebody else's, and which Tasks would go along. It proposes; people decide. `PractitionerRole/$rebalance` */
export const rebalanceProposals: Interaction = async (careloop, request) => {
  operationParameters(request, [])
  const workers = await tooManyRoles(workersOf(careloop))
  const carriers = await boundedly(onePerPerson(workers), AT_ONCE, (worker) => carrierOf(careloop, worker))
  const { moves, stuck } = rebalance(carriers)
  const workOf = (from: string, patient: string): ParametersParameter[] =>
    patientWork(workers.find(({ reference }) => reference === from)!, patient).map(({ reference }) => ({
      name: 'task',
      valueReference: { reference },
    }))
  const reason = (code: string): ParametersParameter => ({
    name: 'reason',
    valueCoding: { system: ASSIGNMENT_REASON, code },
  })
  const share = (name: string, [before, after]: readonly [number, number]): ParametersParameter[] =>
    [before, after].every(Number.isFinite)
      ? [
          { name: `${name}-before`, valueDecimal: rounded(before) },
          { name: `${name}-after`, valueDecimal: rounded(after) },
        ]
      : []
  const parameters = parametersOf([
    ...moves.map((move) => ({
      name: 'move',
      part: [
        { name: 'patient', valueReference: { reference: move.patient } },
        { name: 'from', valueReference: { reference: move.from } },
        { name: 'to', valueReference: { reference: move.to } },
        reason(move.reason),
        { name: 'weight', valueDecimal: rounded(move.weight) },
        ...share('from', move.giver),
        ...share('to', move.taker),
        ...workOf(move.from, move.patient),
      ],
    })),
    ...stuck.map((one) => ({
      name: 'nobody',
      part: [
        { name: 'patient', valueReference: { reference: one.patient } },
        { name: 'from', valueReference: { reference: one.from } },
        reason(one.reason),
        ...workOf(one.from, one.patient),
      ],
    })),
  ])
  return { status: 200, resource: parameters }
}

const rounded = (number: number): number => Math.round(number * 100) / 100

/** A person's cases move once, whatever their roles: the first role stands for them. */
const onePerPerson = (workers: readonly Worker[]): Worker[] => {
  const seen = new Set<string>()
  return workers.filter(({ references }) => {
    if (references.some((reference) => seen.has(reference))) return false
    for (const reference of references) seen.add(reference)
    return true
  })
}

const patientWork = ({ work }: Worker, patient: string) => work.filter(({ task }) => task.for?.reference === patient)

const carrierOf = async (careloop: Careloop, worker: Worker): Promise<Carrier> => {
  const now = careloop.clock.now()
  const cases = await Promise.all(
    worker.cases.map(async (one): Promise<Movable> => {
      const work = patientWork(worker, one.patient)
      // For whoever takes it the case is the one there is: that it becomes new for them is no reason against it.
      const weight = weightOf(one, now) + loadOf([], work, now).total
      const about = { resourceType: 'Task', for: { reference: one.patient } } as Task
      const { prior: _prior, ...wanted } = await wantedFor(careloop, about, [])
      return { patient: one.patient, acuity: one.acuity, isNew: isNew(one, now), weight, wanted }
    }),
  )
  return { ...candidateOf(careloop, worker, now, undefined), cases }
}
