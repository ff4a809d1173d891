/** The types that have a function of their own; all others share one. */
export const coreTypes: readonly string[] = ['CarePlan', 'Goal', 'Task', 'ServiceRequest']
