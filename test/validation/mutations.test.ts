import { beforeAll, describe, expect, test } from '@jest/globals'
import { readPackage } from '../../fhir-profiles/generate/package.ts'
import type { Resource } from '../../lib/fhir.ts'
import { parseJson, stringifyJson } from '../../lib/json.ts'
import { structuralProblems } from '../../lib/profiles/structure.ts'
import { declarations } from '../../lib/resources/index.ts'
import { corePackage } from '../fhir-profiles/published.ts'
import { createRandom } from '../simulate/random.ts'
import { testApi } from '../support/api.ts'
import { Mutator } from './mutate.ts'
import { hasThirdPartyData, published } from './third-party.ts'

const MUTATIONS = 5_000
const CORE = ['CarePlan', 'Goal', 'ServiceRequest', 'Task']

/** CARELOOP_SEED repeats a run. */
const seed = Number(process.env.CARELOOP_SEED ?? Date.now() % 2 ** 31)

const isValid = async (resource: Resource): Promise<boolean> =>
  !(await declarations.get(resource.resourceType)!.check(resource)).length &&
  !(await structuralProblems(resource)).length

const withData = hasThirdPartyData ? describe : describe.skip

withData('with published packages and samples beside the checkout', () => {
  const random = createRandom(seed)
  let pool: Resource[]
  let mutator: Mutator
  beforeAll(async () => {
    mutator = new Mutator(readPackage(corePackage))
    pool = []
    for (const { collection, file, resource } of published())
      if (collection !== 'synthea' && !file.endsWith('polst.json') && (await isValid(resource))) pool.push(resource)
  }, 60_000)

  /** Half of the time a core type. */
  const drawn = (): Resource => {
    const isCore = random.chance(0.5)
    const candidates = pool.filter(({ resourceType }) => !isCore || CORE.includes(resourceType))
    return parseJson(stringifyJson(random.pick(candidates))) as Resource
  }

  test(`of ${MUTATIONS} single mutations none is accepted, and none fails (seed ${seed})`, async () => {
    const api = testApi()
    const survivors = new Map<string, number>()
    const kinds = new Set<string>()
    const types = new Set<string>()
    for (let count = 0; count < MUTATIONS; count++) {
      const resource = { ...drawn(), id: 'mutated' }
      const found = mutator.mutationsOf(resource)
      // First the kind: there are few elements for some of them.
      const kind = random.pick([...new Set(found.map((one) => one.kind))])
      const { path, apply } = random.pick(found.filter((one) => one.kind === kind))
      apply()
      const { status } = await api.put(`/${resource.resourceType}/mutated`, resource)
      kinds.add(kind)
      types.add(resource.resourceType)
      if (status === 400 || status === 422) continue
      const survivor = `${status}: ${kind} at ${path}`
      survivors.set(survivor, (survivors.get(survivor) ?? 0) + 1)
    }
    expect([...survivors]).toEqual([])
    expect(kinds.size).toBe(7)
    expect(types.size).toBeGreaterThan(40)
  }, 240_000)
})
