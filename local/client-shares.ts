import type { UsagePlanBlueprint } from './blueprint.ts'

/** Whether a request may go on that counts as one of this key: a plan's own, or else it is turned away. */
export type Admit = (key: string | undefined) => 'admitted' | 'unknown-key' | 'throttled'

interface Bucket {
  tokens: number
  at: number
}

/** Lets requests through as API Gateway's usage plans do: a bucket of tokens for each key. `now` in milliseconds. */
export const createAdmit = (plans: readonly UsagePlanBlueprint[], now: () => number): Admit => {
  const planOf = new Map(plans.flatMap((plan) => plan.keys.map((key) => [key, plan] as const)))
  const buckets = new Map<string, Bucket>()
  return (key) => {
    const plan = key === undefined ? undefined : planOf.get(key)
    if (key === undefined || !plan) return 'unknown-key'
    const time = now()
    const { tokens, at } = buckets.get(key) ?? { tokens: plan.burst, at: time }
    const filled = Math.min(plan.burst, tokens + ((time - at) / 1_000) * plan.requestsPerSecond)
    const isLet = filled >= 1
    buckets.set(key, { tokens: isLet ? filled - 1 : filled, at: time })
    return isLet ? 'admitted' : 'throttled'
  }
}
