import fc from 'fast-check'
import type { TenantSettings } from '../../lib/tenant.ts'
import { ROUTE_NAMES, request } from './grammar/requests.ts'
import type { FuzzOptions } from './options.ts'
import { brokenPromises } from './promises.ts'
import type { FuzzRequest } from './request.ts'
import { overhearUnexpectedErrors } from './unexpected-errors.ts'
import { beginning, createWorld } from './world.ts'

export interface FuzzOutcome {
  inputs: number
  /** by route, how often each status was the answer */
  coverage: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** the shortest requests found that break a promise, in words; none: all were kept */
  failure?: string
  /** with `all`: each kind of broken promise, with the first request that broke it, and how often it was broken */
  kinds: ReadonlyMap<string, { first: string; times: number }>
}

/** Requests to one service, one after the other. */
const REQUESTS_A_WORLD = 40

const tenant: fc.Arbitrary<Partial<TenantSettings>> = fc.record(
  {
    referentialIntegrity: fc.constantFrom('off', 'enforce'),
    profileValidation: fc.constantFrom('off', 'warn', 'enforce'),
    updateCreate: fc.boolean(),
    requireIfMatch: fc.boolean(),
  },
  { requiredKeys: ['referentialIntegrity'] },
)

class BrokenPromise extends Error {}

const describe = (sent: FuzzRequest, broken: readonly string[], errors: readonly Error[]): string =>
  [
    ...broken.map((one) => one.slice(0, 1_000)),
    `in answer to ${JSON.stringify(sent).slice(0, 4_000)}`,
    ...errors.map(({ stack }) => stack?.split('\n').slice(0, 8).join('\n') ?? ''),
  ].join('\n')

/** What is likely to be one defect: the same promise at the same place of the program, or else of the same route. */
const kindOf = ({ route }: FuzzRequest, [broken = '']: readonly string[], [error]: readonly Error[]): string => {
  const place = error?.stack?.split('\n').find((line) => /\/(?:lib|node_modules)\//.test(line))
  return `${broken.slice(0, 40)} ${place?.trim() ?? route}`
}

/** Sends requests for so long, or until a promise is broken; then looks for the fewest and shortest that break it. */
export const fuzz = async ({ minutes, seed, path, all }: FuzzOptions): Promise<FuzzOutcome> => {
  const unexpected = overhearUnexpectedErrors()
  const consoleLines: string[] = []
  // Nothing else is to be said here, also by requests that are under way when the time is over.
  console.log = (...line: unknown[]) => consoleLines.push(line.map(String).join(' '))
  const begun = await beginning()
  const coverage = new Map<string, Map<number, number>>(ROUTE_NAMES.map((name) => [name, new Map()]))
  const kinds = new Map<string, { first: string; times: number }>()
  let inputs = 0
  let failed = false

  const property = fc.asyncProperty(
    tenant,
    fc.array(request, { minLength: 1, maxLength: REQUESTS_A_WORLD, size: 'max' }),
    async (settings, requests) => {
      const world = await createWorld(begun, settings, consoleLines)
      for (const sent of requests) {
        unexpected()
        const answer = await world.answer(sent)
        if (!failed) {
          inputs += 1
          const statuses = coverage.get(sent.route)!
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        }
        const broken = brokenPromises(sent, answer)
        if (!broken.length) continue
        const errors = unexpected()
        const description = describe(sent, broken, errors)
        if (!all) {
          failed = true
          throw new BrokenPromise(description)
        }
        const kind = kindOf(sent, broken, errors)
        const known = kinds.get(kind)
        kinds.set(kind, { first: known?.first ?? description, times: (known?.times ?? 0) + 1 })
      }
    },
  )
  const details = await fc.check(property, {
    seed,
    ...(path !== undefined && { path }),
    numRuns: path === undefined ? Number.MAX_SAFE_INTEGER : 1,
    interruptAfterTimeLimit: minutes * 60_000,
    markInterruptAsFailure: false,
  })
  const failure = details.failed ? reportOf(details) : undefined
  return { inputs, coverage, kinds, ...(failure !== undefined && { failure }) }
}

type Failure = fc.RunDetails<[settings: Partial<TenantSettings>, requests: FuzzRequest[]]>

const reportOf = ({ counterexample, counterexamplePath, errorInstance, seed }: Failure): string => {
  const [settings, requests = []] = counterexample ?? []
  return [
    errorInstance instanceof BrokenPromise ? errorInstance.message : String((errorInstance as Error)?.stack),
    `after ${requests.length - 1} others, tenant ${JSON.stringify(settings)}`,
    ...requests.slice(0, -1).map((one) => JSON.stringify(one).slice(0, 1_000)),
    `Again: npm run fuzz -- --seed ${seed} --path ${counterexamplePath}`,
  ].join('\n')
}
