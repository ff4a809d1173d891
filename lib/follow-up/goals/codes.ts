const BASE = 'https://careloop.dev/fhir'

/** Where a measure stood when work towards a target began, and the direction that follows from it. */
export const GOAL_BASELINE = `${BASE}/StructureDefinition/goal-baseline`
export const TASK_INPUT = `${BASE}/CodeSystem/task-input`

/** https://terminology.hl7.org/CodeSystem-goal-achievement.html */
export const GOAL_ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement'

/** Each with what it is a kind of. `not-attainable` is for people alone to say. */
const KINDS = {
  'in-progress': 'in-progress',
  improving: 'in-progress',
  worsening: 'in-progress',
  'no-change': 'in-progress',
  achieved: 'achieved',
  sustaining: 'achieved',
  'not-achieved': 'not-achieved',
  'no-progress': 'not-achieved',
  'not-attainable': 'not-achieved',
} as const

export type Achievement = Exclude<keyof typeof KINDS, 'not-attainable'>

const DISPLAYS: Readonly<Record<Achievement, string>> = {
  'in-progress': 'In Progress',
  improving: 'Improving',
  worsening: 'Worsening',
  'no-change': 'No Change',
  achieved: 'Achieved',
  sustaining: 'Sustaining',
  'not-achieved': 'Not Achieved',
  'no-progress': 'No Progress',
}

export const displayOf = (achievement: Achievement): string => DISPLAYS[achievement]

/** Whether what a person said holds what was computed: `in-progress` says nothing against `improving`. */
export const covers = (said: string | undefined, computed: Achievement): boolean =>
  said === computed || said === KINDS[computed]
