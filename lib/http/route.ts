import { fail } from '../outcome.ts'
import type { Step } from './exchange.ts'
import { matchRoute, servedTypes } from './match-route.ts'

/** Finds the route, among those of the types that this function serves, or of the system. */
export const route = (types: readonly string[] | 'system'): Step => ({
  before({ event: exchange }) {
    const match = matchRoute(exchange.method, exchange.segments)
    const ours = types === 'system' ? match.type === '' : types.includes(match.type)
    if (!ours)
      throw fail('notFound', `There is nothing at this URL. Served are metadata and the types ${servedTypes()}.`)
    exchange.match = match
  },
})
