import type { Step } from '../../../lib/pathways/pathway.ts'

/** A step of a pathway with nothing but what `others` says. */
export const stepOf = (id: string, others: Partial<Step> = {}): Step => ({
  id,
  title: id,
  code: { text: id },
  priority: 'routine',
  performerType: [],
  conditions: [],
  noLaterThan: [],
  pausable: false,
  unattended: false,
  evidence: [],
  dynamicValues: [],
  ...others,
})
