import type { Observation } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { codeOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'
import { factRules } from './fact.ts'

/** The statuses whose value may be acted on. https://hl7.org/fhir/R4/valueset-observation-status.html */
const RECORDED = ['final', 'amended', 'corrected']

const statusOf = (resource: Resource | undefined): string => (resource as Observation | undefined)?.status ?? ''

const fact = factRules('Observation')

const changed = (status: string): Happening => ({
  name: 'observation-changed',
  state: { status: codeOf(status) ?? '' },
})

/** https://hl7.org/fhir/R4/observation.html */
export const observation: ChangeRules = {
  ...fact,
  changed(before, after, context) {
    const status = statusOf(after)
    const isNews = RECORDED.includes(status) && (status !== 'final' || statusOf(before) !== 'final')
    const recorded = fact.changed(before, after, context)
    if (isNews) return [{ name: 'observation-recorded', state: { status } }, ...recorded]
    return RECORDED.includes(statusOf(before)) ? [changed(status), ...recorded] : recorded
  },
  removed(before, context) {
    const recorded = fact.removed?.(before, context) ?? []
    return RECORDED.includes(statusOf(before)) ? [changed('deleted'), ...recorded] : recorded
  },
}
