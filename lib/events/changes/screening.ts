import { screeningFacts } from '../../follow-up/screening/relevance.ts'
import type { ChangeRules, Happening } from './change-rules.ts'

const RECORDED: Happening = { name: 'screening-recorded', state: {} }

/** The rules of a type, and that follow-ups of screenings look at it when they may. */
export const withScreening = (rules: ChangeRules): ChangeRules => {
  const isFact = screeningFacts[rules.type]
  if (!isFact) return rules
  return {
    ...rules,
    changed(before, after, context) {
      const happenings = rules.changed(before, after, context)
      return isFact(after) || (before && isFact(before)) ? [...happenings, RECORDED] : happenings
    },
    removed(before, context) {
      const happenings = rules.removed?.(before, context) ?? []
      return isFact(before) ? [...happenings, RECORDED] : happenings
    },
  }
}
