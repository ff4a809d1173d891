import type { ChangeRules } from './change-rules.ts'
import { encounter } from './encounter.ts'
import { observation } from './observation.ts'
import { task } from './task.ts'

/** The types whose changes are events, each with its rules. */
export const changeRules: ReadonlyMap<string, ChangeRules> = new Map(
  [encounter, observation, task].map((rules) => [rules.type, rules]),
)
