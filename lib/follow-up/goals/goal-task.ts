import type { Goal, Task, TaskInput } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE } from '../../pathways/codes.ts'
import type { Owner } from '../../pathways/owner.ts'
import type { Version } from '../../store/version.ts'
import { followedStep, type StepState } from '../follow-step.ts'
import { businessDays, newTask, type Times, withWindow } from '../timed-task.ts'
import { type Achievement, displayOf, GOAL_ACHIEVEMENT, TASK_INPUT } from './codes.ts'

const WINDOW = businessDays(5)

/** What a person is asked to see to about a Goal. */
export interface GoalQuestion {
  code: 'confirm-goal-status' | 'data-quality'
  /** with the Goal and the code it tells this question from any other */
  about: readonly string[]
  description: string
  input?: TaskInput[]
  /** `Observation/id` that it is about, if it is about one */
  observation?: string
}

/** Whether a status that a person set should be another, by what was measured. `judgedWith`: the version that they set it in. */
export const confirmation = (proposed: Achievement, judgedWith: number, observation?: string): GoalQuestion => ({
  code: 'confirm-goal-status',
  about: [String(judgedWith), proposed],
  description: `By what was measured the achievement status of the goal would be "${displayOf(proposed)}". It stays as a person has set it: change it if you agree.`,
  input: [
    {
      type: { coding: [{ system: TASK_INPUT, code: 'proposed-status', display: 'Proposed status' }] },
      valueCodeableConcept: { coding: [{ system: GOAL_ACHIEVEMENT, code: proposed, display: displayOf(proposed) }] },
    },
  ],
  observation,
})

/** What is wrong with a value that cannot be compared. */
export const dataQuality = (observation: string): GoalQuestion => ({
  code: 'data-quality',
  about: [observation],
  description:
    'A value cannot be compared with the target of the goal: it is of another kind, or its unit cannot be converted. Correct the observation or the target.',
  observation,
})

export const questionId = (goalId: string, { code, about }: GoalQuestion): string =>
  deterministicId(referenceTo('Goal', goalId), code, ...about)

const timesOf = ({ clock, tenant }: Careloop): Times => ({
  calendar: calendarOf(tenant),
  timeZone: tenant.timeZone,
  tenant,
  now: clock.now(),
})

/** The Task that asks a question about a Goal. */
export const questionTask = (careloop: Careloop, goal: Goal, question: GoalQuestion, owner: Owner): Task => {
  const times = timesOf(careloop)
  const { code, description, input, observation } = question
  const parts = {
    id: questionId(goal.id!, question),
    code: { coding: [{ system: CARE_TASK_TYPE, code }] },
    focus: { reference: referenceTo('Goal', goal.id!) },
    subject: goal.subject,
    priority: 'routine' as const,
    description,
    owner,
  }
  const task = withWindow(newTask(parts, times.now), times.now, WINDOW, times)
  return {
    ...task,
    ...(observation && { reasonReference: { reference: observation } }),
    ...(input && { input }),
  }
}

/** The questions about a Goal that have ever been asked by rule. */
export const questionsAbout = async ({ search }: Careloop, goalId: string): Promise<Version[]> => {
  const codes = ['confirm-goal-status', 'data-quality'].map((code) => encodeURIComponent(`${CARE_TASK_TYPE}|${code}`))
  return search.all('Task', `focus=${encodeURIComponent(referenceTo('Goal', goalId))}&code=${codes.join()}`)
}

const DROPPED: StepState = {
  kind: 'withdrawn',
  reason: 'no-longer-applies',
  text: 'What it asks has become clear without it.',
}

/** The Tasks, of those there are, that have to change so that of all questions those of `wanted` alone are open. What people closed stays closed. */
export const questionChanges = (
  careloop: Careloop,
  asked: readonly Version[],
  wanted: ReadonlySet<string>,
): [Version, Task][] => {
  const times = timesOf(careloop)
  return asked.flatMap((version): [Version, Task][] => {
    const task = version.content as unknown as Task
    const state: StepState = wanted.has(version.id) ? { kind: 'open' } : DROPPED
    const next = followedStep(task, state, (again) => withWindow(again, times.now, WINDOW, times), times.now)
    return next === task ? [] : [[version, next]]
  })
}
