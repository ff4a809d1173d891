import type { EventPattern } from './rules.ts'

/** Whether EventBridge would give an event to a rule with this pattern. */
export const matchesPattern = (pattern: EventPattern, event: { source: string; 'detail-type': string }): boolean =>
  pattern.source.includes(event.source) && pattern['detail-type'].includes(event['detail-type'])
