import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { criterionFor, type RandomSearch, randomSearch, sortValue } from './random-search.ts'
import { hasData } from './sample.ts'
import { createWorld, type Known, type World } from './world.ts'

/**
 * Random searches over real data, against a naive reading of the published search parameters. More of them:
 * `CARELOOP_DIFFERENTIAL_RUNS=20000 npm test -- test/differential`; the same again: `CARELOOP_DIFFERENTIAL_SEED=…`.
 */
const RUNS = Number(process.env.CARELOOP_DIFFERENTIAL_RUNS ?? 3_000)
const SEED = Number(process.env.CARELOOP_DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const PER_TYPE = Number(process.env.CARELOOP_DIFFERENTIAL_SAMPLE ?? 30)
const LONGEST_MS = Math.max(90_000, RUNS * 20)
const SETTING_UP_MS = 90_000

const describeData = hasData ? describe : describe.skip

/** The types with the most to search by, and those at the heart of the service. */
const OFTEN = ['Observation', 'Task', 'ServiceRequest', 'CarePlan', 'Goal', 'Encounter', 'Condition', 'Patient']

interface Asked {
  type: string
  parameters: [string, string][]
  expected: string[]
  sortedBy?: { parameter: Known; descending: boolean }
}

const asked = (world: World, chosen: RandomSearch): Asked | undefined => {
  const types = [...world.types, ...OFTEN, ...OFTEN]
  const type = types[chosen.type % types.length]!
  const criteria = chosen.criteria.flatMap((one) => criterionFor(world, type, one) ?? [])
  if (!criteria.length) return undefined
  const dates = world.parameters(type).filter((one) => one.type === 'date')
  const parameter = chosen.sort > 20 ? dates[chosen.sort % dates.length] : undefined
  const descending = chosen.sort % 2 === 0
  return {
    type,
    parameters: [
      ...criteria.map(({ name, value }): [string, string] => [name, value]),
      ...(parameter ? [['_sort', `${descending ? '-' : ''}${parameter.code}`] as [string, string]] : []),
      ['_count', String(chosen.count)],
    ],
    expected: world
      .of(type)
      .filter((resource) => criteria.every(({ isMet }) => isMet(resource)))
      .map(({ id }) => id!)
      .sort(),
    ...(parameter && { sortedBy: { parameter, descending } }),
  }
}

const queryOf = ({ type, parameters }: Asked): string => `${type}?${parameters.map((pair) => pair.join('=')).join('&')}`

/** The ids that are found, page by page to the end. */
const found = async ({ search }: World, asked: Asked): Promise<string[]> => {
  const { type, parameters, expected } = asked
  const ids: string[] = []
  let next: string | undefined
  do {
    const page = await search.page({ type, parameters: next ? [...parameters, ['_cursor', next]] : parameters })
    ids.push(...page.versions.map(({ id }) => id))
    if (page.total !== undefined)
      expect(`${queryOf(asked)}: ${page.total}`).toBe(`${queryOf(asked)}: ${expected.length}`)
    next = page.next
  } while (next !== undefined)
  return ids
}

/** No value comes last, or first when descending. */
const isInOrder = (values: readonly (string | number | null)[], descending: boolean): boolean =>
  values.every((value, n) => {
    const before = values[n - 1]
    if (n === 0 || value === before) return true
    if (value === null) return !descending
    if (before === null || before === undefined) return descending
    return descending ? before > value : before < value
  })

describeData('searches of real data (skipped when the data is not there)', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(PER_TYPE)
  }, SETTING_UP_MS)

  test(
    `find what the published definitions say, seed ${SEED}`,
    async () => {
      let searches = 0
      let matched = 0
      const property = fc.asyncProperty(randomSearch, async (chosen) => {
        const search = asked(world, chosen)
        fc.pre(search !== undefined)
        const ids = await found(world, search!)
        searches += 1
        if (ids.length) matched += 1
        const query = queryOf(search!)
        expect({ query, ids: [...ids].sort() }).toEqual({ query, ids: search!.expected })
        if (!search!.sortedBy) return
        const { parameter, descending } = search!.sortedBy
        const byId = new Map(world.of(search!.type).map((resource) => [resource.id, resource]))
        const values = ids.map((id) => sortValue(world, byId.get(id)!, parameter.code, descending))
        expect({ query, isInOrder: isInOrder(values, descending), values }).toMatchObject({ query, isInOrder: true })
      })
      await fc.assert(property, { seed: SEED, numRuns: RUNS, maxSkipsPerRun: 50, interruptAfterTimeLimit: LONGEST_MS })
      console.info(`seed ${SEED}: ${searches} searches, ${matched} of them found something`)
      // Were most of them to find nothing, they would tell nothing.
      expect(matched).toBeGreaterThan(searches / 3)
    },
    LONGEST_MS * 2,
  )
})
