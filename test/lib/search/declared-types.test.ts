import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { parseJson } from '../../../lib/json.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { basesOf } from '../../../lib/search/composite.ts'
import { matches } from '../../../lib/search/match.ts'
import { parseSearch } from '../../../lib/search/parse.ts'
import { planSearch } from '../../../lib/search/plan.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { searchParameters } from '../../../lib/search/search-parameters.ts'
import { zoneOf } from '../../../lib/search/zone.ts'
import { TIME_ZONE } from './sample-search.ts'

const zone = zoneOf(TIME_ZONE)
const indexing = createIndexing({ declarations, timeZone: TIME_ZONE })
const parse = (type: string, name: string, value: string) =>
  parseSearch([[name, value]], {
    type,
    handling: 'strict',
    parameters: searchParameters(declarations.get(type)!),
    served: () => undefined,
    zone,
    now: 0,
  })

describe.each([...declarations.values()])('$type', (declaration) => {
  const parameters = searchParameters(declaration)

  test('is in order of a date of its own', () => {
    const { order } = declaration
    if (order) expect(parameters.get(order.parameter)).toMatchObject({ type: 'date' })
  })

  test('can be indexed, and sorted by each of its parameters', () => {
    expect(indexing(declaration.type).postings({ resourceType: declaration.type, id: 'x' })).toBeInstanceOf(Array)
    for (const { code, type } of parameters.values())
      if (type !== 'composite')
        expect(() => planSearch(parse(declaration.type, '_sort', code), declaration, zone)).not.toThrow()
  })

  test('has composites that can be met', () => {
    for (const parameter of parameters.values())
      if (parameter.type === 'composite') expect(basesOf(parameter, parameters)).not.toEqual([])
  })
})

const samples = join(process.env.CARELOOP_DATA ?? '../shared/data', 'care-samples')

/** Undefined for the few files that are no JSON. */
const contentOf = (file: string): Resource | undefined => {
  try {
    return parseJson(readFileSync(file, 'utf8')) as Resource
  } catch {
    return undefined
  }
}

const resourcesBelow = (folder: string): Resource[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => contentOf(join(folder, name)) ?? [])
    .flatMap((content) => {
      if (content.resourceType !== 'Bundle') return [content]
      return ((content.entry ?? []) as { resource?: Resource }[]).flatMap(({ resource }) => resource ?? [])
    })
    .filter(({ resourceType }) => declarations.has(resourceType))

const ROW = /^\w+\?([\w-]+)=([^?]*)$/

;(existsSync(samples) ? describe : describe.skip)('sample data (CARELOOP_DATA)', () => {
  test('every value that is listed leads a search for it to its list, and the search finds it', () => {
    let values = 0
    for (const [n, content] of resourcesBelow(samples).entries()) {
      const type = content.resourceType
      for (const { pk } of indexing(type).postings({ id: `r${n}`, ...content })) {
        const [, name, value] = ROW.exec(pk) ?? []
        if (name === undefined || value === undefined) continue
        const search = parse(
          type,
          name,
          value.replace(/[,|$\\]/g, (character) => `\\${character}`),
        )
        expect(planSearch(search, declarations.get(type)!, zone).streams.map((stream) => stream.pk)).toContain(pk)
        expect(search.clauses.every((clause) => matches(clause, content, { zone }))).toBe(true)
        values += 1
      }
    }
    expect(values).toBeGreaterThan(100)
  })
})
