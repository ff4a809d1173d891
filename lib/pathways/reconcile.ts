import type { CarePlan } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Careloop } from '../careloop.ts'
import type { Instant, Resource } from '../fhir.ts'
import type { Write } from '../store/plan-write.ts'
import { type Application, carePlanOf } from './apply.ts'
import { calendarOf } from './calendar.ts'
import type { AutomationReason, WithdrawalReason } from './codes.ts'
import { creation, type Decision, nothing, revision } from './commit.ts'
import { committed } from './committed.ts'
import { ConditionFailed } from './conditions.ts'
import { lastInstantOf, localDateOf } from './date-time.ts'
import { isOpen } from './due.ts'
import { endedPlan, extendedPlan, isOver, movedPlan, planOfSubject, resumedPlan, withdrawnPlan } from './follow-plan.ts'
import { withdrawnTask } from './follow-task.ts'
import { awaitingPlan, nextOccurrenceAt } from './next-occurrence-at.ts'
import { missingPools, ownerFor } from './owner.ts'
import type { Pathway, Step } from './pathway.ts'
import { pausesOf } from './pauses.ts'
import { asTask, isFinished, isLongOver, type Place, readPlace, typesOfEvidence, withTasks } from './place.ts'
import { reconcileSteps, type StepChange } from './reconcile-steps.ts'
import type { Round } from './round.ts'
import { notAskedFor, phaseLost, readTransition, type Transition } from './transition.ts'
import { unrolledSteps } from './unrolled.ts'

const asResource = (resource: object): Resource => resource as Resource

const withdraw = (careloop: Careloop, place: Place, reason: WithdrawalReason): Decision => {
  const now = careloop.clock.now()
  const open = [...place.tasks.values()].filter((version) => !version.deleted && isOpen(asTask(version)))
  return committed(careloop, place, {
    outcome: 'withdrawn',
    activity: 'UPDATE',
    writes: [
      revision(place.plan!, asResource(withdrawnPlan(place.carePlan!, reason))),
      ...open.map((version) =>
        revision(version, asResource({ ...withdrawnTask(asTask(version), reason), lastModified: now })),
      ),
    ],
    reasons: [reason],
  })
}

/** Whether so much time has passed that nothing the pathway asks for could be done any more. */
const isTooLate = ({ clock, tenant }: Careloop, { trigger: { anchor } }: Transition): boolean => {
  const today = localDateOf(clock.now(), anchor.timeZone)!
  return Temporal.PlainDate.compare(anchor.date.add({ days: tenant.lateNoticeDays }), today) < 0
}

/** Whether the time of a plan that goes on is over. */
const isSettled = ({ clock, tenant }: Careloop, { pathway, state }: Place, { trigger }: Transition): boolean =>
  state === 'ended' || (state === 'running' && isOver(pathway, trigger, calendarOf(tenant), clock.now()))

interface Stepped {
  changes: StepChange[]
  others: Resource[]
  /** the steps as they stand in this plan */
  steps: readonly Step[]
  /** when what recurs is to be looked at again */
  lookAt?: Instant
}

const stepChanges = async (
  careloop: Careloop,
  round: Round,
  place: Place,
  transition: Transition,
  application: Application,
): Promise<Stepped> => {
  const { pathway, stay, plan, carePlan } = place
  const { anchor, subject } = transition.trigger
  const facts = round.facts(subject.reference)
  const found = typesOfEvidence(place).map(async (type) => [type, await facts.all(type)] as const)
  const others: Resource[] = []
  let owner: ReturnType<typeof ownerFor> | undefined
  const readOwner = async () => {
    const read = await ownerFor(careloop, subject, await facts.patient())
    others.push(...(await missingPools(careloop.store, [read.pool], application.now)))
    return read
  }
  const settled = isSettled(careloop, place, transition)
  const isOnHold = carePlan?.status === 'on-hold'
  const { steps, tasks, lookAt } = await unrolledSteps(careloop, {
    application,
    transition,
    tasks: place.tasks,
    stay,
    ...(plan && { plan }),
    goesOn: !settled && !isOnHold,
  })
  const changes = await reconcileSteps(careloop, {
    application: { ...application, pathway: { ...pathway, steps } },
    transition,
    tasks,
    candidates: new Map(await Promise.all(found)),
    pauses: await pausesOf(careloop, pathway, stay, plan, lastInstantOf(anchor.dateTime, anchor.timeZone)!),
    mayCreate: !isTooLate(careloop, transition),
    isSettled: settled,
    isOnHold,
    owner: () => {
      owner ??= readOwner()
      return owner
    },
  })
  return { changes, others, steps, ...(lookAt && { lookAt }) }
}

/** What recurs has been made, or is awaited anew. */
const recurrences = (before: CarePlan | undefined, after: CarePlan, created: readonly Step[]): AutomationReason[] =>
  created.some(({ occurrence }) => occurrence) || (before && nextOccurrenceAt(before) !== nextOccurrenceAt(after))
    ? ['recurrence']
    : []

const writeOf = ({ base, task }: StepChange): Write =>
  base ? revision(base, asResource(task)) : creation(asResource(task))

const start = async (careloop: Careloop, round: Round, place: Place, transition: Transition): Promise<Decision> => {
  if (isTooLate(careloop, transition)) return nothing('too-late')
  const application = applicationOf(careloop, place, transition)
  const { changes, others, lookAt } = await stepChanges(careloop, round, place, transition, application)
  const asked = changes.map(({ step }) => step)
  const plan = awaitingPlan(carePlanOf(application, asked), lookAt)
  return committed(careloop, place, {
    outcome: 'started',
    activity: 'CREATE',
    writes: [creation(asResource(plan)), ...changes.map(writeOf)],
    reasons: recurrences(undefined, plan, asked),
    sources: changes.flatMap(({ sources }) => sources),
    others,
  })
}

const follow = async (careloop: Careloop, round: Round, place: Place, transition: Transition): Promise<Decision> => {
  const { pathway, plan, carePlan, state, reference } = place
  const application = applicationOf(careloop, place, transition)
  const { trigger } = transition
  const { changes, others, steps, lookAt } = await stepChanges(careloop, round, place, transition, application)
  const resumed = state === 'withdrawn' ? resumedPlan(carePlan!) : carePlan!
  const moved = movedPlan(planOfSubject(resumed, trigger.subject), pathway, trigger, application.calendar)
  const created = changes.filter(({ base }) => !base).map(({ step }) => step)
  const extended = extendedPlan(moved, { ...pathway, steps }, reference, created)
  const next = await finished(careloop, place, awaitingPlan(extended, lookAt), changes)
  const isAnchorMoved = moved !== resumed
  return committed(careloop, place, {
    outcome: state === 'withdrawn' ? 'resumed' : 'followed',
    activity: 'UPDATE',
    writes: [...(next === carePlan ? [] : [revision(plan!, asResource(next))]), ...changes.map(writeOf)],
    reasons: [
      ...(isAnchorMoved || state === 'withdrawn' ? (['corrected'] as const) : []),
      ...changes.flatMap(({ reasons }) => reasons),
      ...recurrences(carePlan, next, created),
      ...(state !== 'ended' && next.status === 'completed' ? (['plan-ended'] as const) : []),
    ],
    sources: changes.flatMap(({ sources }) => sources),
    others,
  })
}

/** The plan completed, if there is nothing left of it; active again, if there is. People's drafts and holds are theirs to end. */
const finished = async (
  careloop: Careloop,
  place: Place,
  plan: CarePlan,
  changes: readonly StepChange[],
): Promise<CarePlan> => {
  const hasEnded = place.state === 'ended'
  if (!hasEnded && plan.status !== 'active') return plan
  const changed = new Map(changes.map(({ task }) => [task.id!, task] as const))
  if (await isFinished(careloop, place, plan, changed)) return endedPlan(plan)
  return hasEnded ? resumedPlan(plan) : plan
}

const applicationOf = ({ clock, tenant }: Careloop, { pathway }: Place, { trigger }: Transition): Application => ({
  pathway,
  trigger,
  calendar: calendarOf(tenant),
  now: clock.now(),
})

/**
 * What it takes to bring what is there for an Encounter into line with what a pathway asks for: the one thing the engine does. It reads
 * the Encounter, the patient and the facts, and gives the difference to the plan and its Tasks, if there is one, to be committed all at
 * once. So events may be late, doubled, out of order or lost in a crash half-way: the next look finds what is missing.
 * @throws ConditionFailed when a condition of a pathway that has not started cannot be evaluated
 * @throws Error when the version of the definition that a plan was made from is no longer kept
 */
export const reconcile = async (
  careloop: Careloop,
  round: Round,
  current: Pathway,
  encounterId: string,
): Promise<Decision> => {
  const stay = await round.stay(encounterId)
  if (!stay) return nothing('unknown')
  const place = await readPlace(careloop, current, stay)
  const { pathway, plan, carePlan, state } = place
  if (plan && !carePlan) return nothing('gone')
  if (state === 'closed') return nothing('closed')
  if (isLongOver(place, careloop)) return nothing('over')

  const lost = await phaseLost(careloop, round, pathway, stay)
  if (lost) return state === 'running' || state === 'ended' ? withdraw(careloop, place, lost) : nothing('not-due')
  const transition = await readTransition(careloop, round, pathway, { ...stay, resource: stay.resource! })
  if (!transition) return nothing('nobody')

  // Conditions tell most pathways apart, and cost less to look at than stops do.
  if (!plan && transition.holds(pathway.conditions, pathway.url) === false) return nothing('no-longer-applies')
  // What has ended stays so, whatever has befallen the patient since.
  if (state === 'ended') return follow(careloop, round, place, transition)
  const refusal = notAskedFor(
    isSettled(careloop, place, transition) ? { ...pathway, conditions: [] } : pathway,
    transition,
  )
  if (!plan) {
    // Somebody has to see to it that nobody is forgotten: the event goes to the dead letters.
    if (refusal === 'undecided') throw new ConditionFailed()
    return refusal ? nothing(refusal) : start(careloop, round, await withTasks(careloop, place), transition)
  }
  if (refusal && state === 'withdrawn') return nothing('unchanged')
  if (refusal && refusal !== 'undecided') return withdraw(careloop, place, refusal)
  return follow(careloop, round, place, transition)
}
