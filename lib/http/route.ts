import { fail } from '../outcome.ts'
import type { Step } from './exchange.ts'
import { matchRoute, servedTypes } from './match-route.ts'

/**
 * Finds the route. API Gateway chooses the function by the first segment of the path: `Patient/123/Task` comes to where patients are,
 * `_search` to where everything goes that has no function of its own. What is about no type every function can do.
 */
export const route = (types: readonly string[] | 'system'): Step => ({
  before({ event: exchange }) {
    const match = matchRoute(exchange.method, exchange.segments)
    const ours = match.type === '' || (types !== 'system' && types.includes(exchange.segments[0]!))
    if (!ours)
      throw fail('notFound', `There is nothing at this URL. Served are metadata and the types ${servedTypes()}.`)
    exchange.match = match
  },
})
