import type { Goal, GoalTarget, Observation, Reference } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { stringifyJson } from '../../json.ts'
import { versionReference } from '../../pathways/apply.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { localDateOf } from '../../pathways/date-time.ts'
import { missingPools, type Owner, ownerFor } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import type { Write } from '../../store/plan-write.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { covers, displayOf, GOAL_ACHIEVEMENT, GOAL_BASELINE } from './codes.ts'
import { type Baseline, type Evaluation, evaluateGoal } from './evaluate-goal.ts'
import { activeReminders, dueSoon, reminderId, reminderOf } from './goal-reminder.ts'
import { baselineOf } from './goal-target.ts'
import {
  confirmation,
  dataQuality,
  type GoalQuestion,
  questionChanges,
  questionId,
  questionsAbout,
  questionTask,
} from './goal-task.ts'
import { achievementOf, actOf, lastJudgement } from './judgement.ts'
import { type Found, isEvaluated, readFacts } from './read-facts.ts'

const asResource = (resource: object): Resource => resource as Resource

/** So many of the latest values a Goal names as its outcome. */
const MOST_OUTCOMES = 100

/** Those among the outcomes of a Goal that people have given: what is not of its measures, unless it is gone or another patient's. */
const othersOutcomes = async ({ store }: Careloop, goal: Goal, { observations }: Found): Promise<Reference[]> => {
  const others = (goal.outcomeReference ?? []).filter(({ reference }) => !observations.has(reference ?? ''))
  const ids = others.flatMap(({ reference }) => OBSERVATION.exec(reference ?? '')?.[1] ?? [])
  const versions = await store.readMany(ids.map((id) => ({ type: 'Observation', id })))
  const strange = versions.filter((version) => {
    const subject = version.deleted ? undefined : (version.content as unknown as Observation).subject?.reference
    return subject !== goal.subject.reference
  })
  const lost = new Set(strange.map(({ id }) => referenceTo('Observation', id)))
  return others.filter(({ reference }) => !lost.has(reference ?? ''))
}

const OBSERVATION = /^Observation\/([A-Za-z0-9\-.]{1,64})$/

/** The Goal with what its measures came to as its outcomes, in order of time; others, which people have given, stay. */
const withOutcomes = async (careloop: Careloop, goal: Goal, found: Found, { points }: Evaluation): Promise<Goal> => {
  const counted = [...new Set(points.map(({ reference }) => reference))].slice(-MOST_OUTCOMES)
  const given = new Map((goal.outcomeReference ?? []).map((reference) => [reference.reference, reference]))
  const all = [
    ...(await othersOutcomes(careloop, goal, found)),
    ...counted.map((reference) => given.get(reference) ?? { reference }),
  ]
  const { outcomeReference: _outcomes, ...rest } = goal
  return all.length ? { ...rest, outcomeReference: all } : rest
}

const withBaseline = (target: GoalTarget, baseline: Baseline | undefined, { observations }: Found): GoalTarget => {
  const others = (target.extension ?? []).filter(({ url }) => url !== GOAL_BASELINE)
  if (baselineOf(target).isGiven) return target
  const { extension: _extension, ...rest } = target
  const isInferred = target.detailQuantity !== undefined && target.detailQuantity.comparator === undefined
  const observation = baseline?.reference && observations.get(baseline.reference)
  if (!isInferred || !observation) return others.length ? { ...rest, extension: others } : rest
  const { valueQuantity } = resourceOf(observation) as unknown as Observation
  const extension = {
    url: GOAL_BASELINE,
    extension: [
      ...(valueQuantity ? [{ url: 'value', valueQuantity }] : []),
      { url: 'direction', valueCode: baseline.direction },
      { url: 'observation', valueReference: { reference: baseline.reference! } },
    ],
  }
  return { ...rest, extension: [...others, extension] }
}

const withBaselines = (goal: Goal, found: Found, { baselines }: Evaluation): Goal => ({
  ...goal,
  target: goal.target!.map((target, index) => withBaseline(target, baselines.get(index), found)),
})

interface Judged {
  goal: Goal
  question?: GoalQuestion
}

/** The Goal with the status it has come to, unless a person has judged later: then the question whether they still think so. */
const judged = async (careloop: Careloop, version: Version, goal: Goal, evaluation: Evaluation): Promise<Judged> => {
  const { status, since, decidedAt, decidedBy } = evaluation
  const { timeZone } = careloop.tenant
  const date = since === undefined ? undefined : localDateOf(since, timeZone)!.toString()
  const isSame = achievementOf(goal) === status
  const judgement = await lastJudgement(careloop, version)
  if (judgement && (decidedAt === undefined || judgement.at > decidedAt)) {
    const question =
      decidedAt === undefined || covers(judgement.code, status)
        ? undefined
        : confirmation(status, judgement.v, decidedBy[0])
    if (judgement.isCurrent) return { goal, question }
    const { statusDate: _date, ...rest } = goal
    const { concept: achievementStatus, statusDate } = judgement
    return { goal: { ...rest, achievementStatus, ...(statusDate && { statusDate }) }, question }
  }
  if (judgement?.isCurrent && judgement.code === 'not-attainable')
    return { goal, question: confirmation(status, judgement.v, decidedBy[0]) }
  if (isSame && (judgement?.isCurrent || date === undefined || goal.statusDate === date)) return { goal }
  const coding = [{ system: GOAL_ACHIEVEMENT, code: status, display: displayOf(status) }]
  return { goal: { ...goal, achievementStatus: { coding }, ...(date && { statusDate: date }) } }
}

const sameContent = (a: Goal, b: Goal): boolean => {
  const sorted = (goal: Goal) => Object.entries({ ...goal, meta: undefined }).sort(([x], [y]) => (x < y ? -1 : 1))
  return stringifyJson(sorted(a)) === stringifyJson(sorted(b))
}

/** What there is to be about a Goal: itself, questions to people, reminders. */
interface Wanted {
  goal: Goal
  evaluation?: Evaluation
  found?: Found
  questions: readonly GoalQuestion[]
}

const wantedFor = async (careloop: Careloop, version: Version): Promise<Wanted> => {
  const goal = resourceOf(version) as unknown as Goal
  const found = isEvaluated(goal) ? await readFacts(careloop, goal) : undefined
  if (!found) return { goal, questions: [] }
  const evaluation = evaluateGoal(found.facts)
  const measured = withBaselines(await withOutcomes(careloop, goal, found, evaluation), found, evaluation)
  const { goal: next, question } = await judged(careloop, version, measured, evaluation)
  const [unreadable] = found.unreadable
  const questions = [question, unreadable === undefined ? undefined : dataQuality(unreadable)]
  return { goal: next, evaluation, found, questions: questions.filter((each) => each !== undefined) }
}

/** The reminders that are wanted by now; none of a Goal that is met. */
const dueReminders = async (careloop: Careloop, version: Version, { goal }: Wanted) => {
  if (!['accepted', 'active'].includes(goal.lifecycleStatus)) return []
  if (['achieved', 'sustaining'].includes(achievementOf(goal) ?? '')) return []
  const { store, clock, tenant } = careloop
  const first = version.v === 1 ? version : await store.vread('Goal', version.id, 1)
  return dueSoon(goal, first?.updated ?? version.updated, clock.now(), tenant.timeZone)
}

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const { store, clock } = careloop
  const version = await store.read('Goal', id)
  if (!version || version.deleted) return nothing('gone')
  const before = resourceOf(version) as unknown as Goal
  const wanted = await wantedFor(careloop, version)
  const { goal, evaluation, found, questions } = wanted
  const soon = await dueReminders(careloop, version, wanted)

  const asked = await questionsAbout(careloop, id)
  const changes = questionChanges(careloop, asked, new Set(questions.map((question) => questionId(id, question))))
  const known = new Set(asked.map((task) => task.id))
  const newQuestions = questions.filter((question) => !known.has(questionId(id, question)))
  const reminderIds = new Set(soon.map((due) => reminderId(id, due)))
  const outdated = (await activeReminders(careloop, id)).filter((reminder) => !reminderIds.has(reminder.id))
  const owner = newQuestions.length + soon.length ? await ownerOf(careloop, goal) : undefined
  const created = await absent(store, [
    ...newQuestions.map((question) => asResource(questionTask(careloop, goal, question, owner!))),
    ...soon.map((due) => reminderOf(careloop, goal, due, owner!)),
  ])

  const now = clock.now()
  const isChanged = !sameContent(before, goal)
  const writes: Write[] = [
    ...(isChanged ? [revision(version, asResource(goal))] : []),
    ...changes.map(([base, task]) => revision(base, asResource(task))),
    ...outdated.map((base) => revision(base, { ...resourceOf(base), status: 'revoked' })),
    ...created.map(creation),
  ]
  if (!writes.length) return nothing('unchanged')
  const pool = created.length ? await missingPools(store, [owner?.pool], now) : []
  const provenance = provenanceOf(
    {
      act: isChanged
        ? actOf(id, version.v + 1)
        : writes.map(({ type, id: of, base }) => versionReference(referenceTo(type, of), (base?.v ?? 0) + 1)),
      targets: writes.map(({ type, id: of }) => referenceTo(type, of)),
      trigger: versionReference(referenceTo('Goal', id), version.v),
      sources: sourcesOf(found, evaluation),
      activity: writes.some(({ base }) => base) ? 'UPDATE' : 'CREATE',
      reason: 'goal-evaluated',
    },
    now,
  )
  return {
    outcome: isChanged ? (achievementOf(goal) ?? 'evaluated') : 'asked',
    writes: [...writes, ...[...pool, provenance].map(creation)],
  }
}

const ownerOf = async (careloop: Careloop, goal: Goal): Promise<Owner> => {
  const [, id] = /^Patient\/(.+)$/.exec(goal.subject.reference ?? '') ?? []
  const patient = id === undefined ? undefined : await careloop.store.read('Patient', id)
  return ownerFor(careloop, goal.subject, patient && !patient.deleted ? (patient.content as Resource) : undefined)
}

/** The versions of the Observations that the last value came from. */
const sourcesOf = (found: Found | undefined, evaluation: Evaluation | undefined): string[] => {
  const last = evaluation?.points.at(-1)?.at
  const references = evaluation?.points.filter(({ at }) => at === last).map(({ reference }) => reference) ?? []
  return [...new Set(references)].flatMap((reference) => {
    const version = found?.observations.get(reference)
    return version ? [versionReference(reference, version.v)] : []
  })
}

/**
 * Brings a Goal into line with what was measured and with its due dates: its achievement status, its outcomes, where its measures began, the
 * questions to people about it and the reminders. Everything is told from what is stored, so events may be late, doubled or out of order.
 * What a person has judged after the last value was measured stands. `lifecycleStatus` is theirs alone.
 * @returns the outcome for the log
 */
export const followGoal = (careloop: Careloop, id: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, id))
