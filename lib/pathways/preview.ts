import type { CarePlan, OperationOutcomeIssue, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Instant, Resource } from '../fhir.ts'
import { type Application, carePlanOf } from './apply.ts'
import { calendarOf } from './calendar.ts'
import { WITHDRAWALS } from './codes.ts'
import { lastInstantOf } from './date-time.ts'
import { awaitingPlan } from './next-occurrence-at.ts'
import { missingPools, ownerFor } from './owner.ts'
import type { Pathway } from './pathway.ts'
import { pausesOf } from './pauses.ts'
import { reconcileSteps, type StepChange } from './reconcile-steps.ts'
import type { Round, Stay } from './round.ts'
import { notAskedFor, type Transition } from './transition.ts'
import { unrolledSteps } from './unrolled.ts'

/** What a pathway asks for, as it would be created. */
export interface Preview {
  plan: CarePlan
  tasks: readonly Task[]
  /** what would be created beside, and has records of its own: the pool that gets the work */
  others: readonly Resource[]
  /** versions of the evidence it was decided on, `Type/id/_history/v` */
  sources: readonly string[]
  /** whether anything is asked for at all */
  applies: boolean
  /** what was skipped, and why nothing is asked for */
  issues: readonly OperationOutcomeIssue[]
}

const placeOf = (action: string): string => `PlanDefinition.descendants().where(id = '${action}')`

const skipped = (action: string, { url }: Pathway): OperationOutcomeIssue =>
  action === url
    ? {
        severity: 'warning',
        code: 'processing',
        diagnostics: 'A condition of the plan as a whole could not be evaluated on what is stored.',
        expression: ['PlanDefinition.action'],
      }
    : {
        severity: 'warning',
        code: 'processing',
        diagnostics: `A condition of the action ${action} could not be evaluated on what is stored: the action was skipped.`,
        expression: [placeOf(action)],
      }

const refused = (text: string): OperationOutcomeIssue => ({
  severity: 'information',
  code: 'business-rule',
  diagnostics: `Nothing is asked for. ${text}`,
})

/** Without an encounter nobody looks at the plan again when one of its Tasks is done. */
const waiting = ({ steps }: Pathway): OperationOutcomeIssue[] =>
  steps.flatMap(({ id, after, recurrence }) => {
    const [what, todo] = after
      ? [`is to follow ${after.step}`, 'create it by hand']
      : recurrence
        ? ['recurs', 'create its later occurrences by hand, or have them recur as an activity of a plan']
        : []
    if (!what) return []
    return {
      severity: 'information',
      code: 'incomplete',
      diagnostics: `The action ${id} ${what}. A plan without an encounter is not gone on with: ${todo}.`,
      expression: [placeOf(id)],
    }
  })

/** The transition, noting which actions have conditions that cannot be evaluated. */
const noting = (transition: Transition, failed: Set<string>): Transition => ({
  ...transition,
  holds(conditions, action) {
    const holds = transition.holds(conditions, action)
    if (holds === undefined) failed.add(action)
    return holds
  },
})

const changesFor = async (
  careloop: Careloop,
  round: Round,
  application: Application,
  transition: Transition,
  stay: Stay | undefined,
): Promise<Pick<Preview, 'others'> & { changes: StepChange[]; lookAt?: Instant }> => {
  const { pathway, now } = application
  const { anchor, subject } = transition.trigger
  const facts = round.facts(subject.reference)
  const types = [...new Set(pathway.steps.flatMap(({ evidence }) => evidence.map(({ type }) => type)))]
  const since = lastInstantOf(anchor.dateTime, anchor.timeZone)!
  const owner = await ownerFor(careloop, subject, await facts.patient())
  const { steps, tasks, lookAt } = await unrolledSteps(careloop, {
    application,
    transition,
    tasks: new Map(),
    ...(stay && { stay }),
    goesOn: true,
  })
  const changes = await reconcileSteps(careloop, {
    application: { ...application, pathway: { ...pathway, steps } },
    transition,
    tasks,
    candidates: new Map(await Promise.all(types.map(async (type) => [type, await facts.all(type)] as const))),
    pauses: stay ? await pausesOf(careloop, pathway, stay, undefined, since) : { pausedMs: 0, onLeave: false },
    mayCreate: true,
    isSettled: false,
    isOnHold: false,
    owner: async () => owner,
  })
  return {
    changes,
    others: changes.length ? await missingPools(careloop.store, [owner.pool], now) : [],
    // Without an encounter nobody looks at the plan again.
    ...(stay && lookAt && { lookAt }),
  }
}

/**
 * What a pathway would create for a transition if nothing had been created yet: the same that the engine creates. Writes nothing.
 * `stay`: the Encounter it is about, if any.
 */
export const previewOf = async (
  careloop: Careloop,
  round: Round,
  pathway: Pathway,
  transition: Transition,
  stay?: Stay,
): Promise<Preview> => {
  const { clock, tenant } = careloop
  const application = { pathway, trigger: transition.trigger, calendar: calendarOf(tenant), now: clock.now() }
  const failed = new Set<string>()
  const noted = noting(transition, failed)
  const refusal = notAskedFor(pathway, noted)
  const { changes, others, lookAt } = refusal
    ? { changes: [], others: [] }
    : await changesFor(careloop, round, application, noted, stay)
  return {
    plan: awaitingPlan(
      carePlanOf(
        application,
        changes.map(({ step }) => step),
      ),
      lookAt,
    ),
    tasks: changes.map(({ task }) => task),
    others,
    sources: [...new Set(changes.flatMap(({ sources }) => sources))],
    applies: !refusal,
    issues: [
      ...[...failed].map((action) => skipped(action, pathway)),
      ...(refusal && refusal !== 'undecided' ? [refused(WITHDRAWALS[refusal])] : []),
      ...(refusal || stay ? [] : waiting(pathway)),
    ],
  }
}
