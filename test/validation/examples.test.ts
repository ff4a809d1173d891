import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { OperationOutcome } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { stringifyJson } from '../../lib/json.ts'
import { structuralProblems } from '../../lib/profiles/structure.ts'
import { declarations } from '../../lib/resources/index.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { addGuides, hasThirdPartyData, notJson, type Published, published } from './third-party.ts'

/** The rows of a table of docs/validation.md, by the heading above it: file, resource, rule. */
const documented = (heading: string): string[] => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/validation.md'), 'utf8')
  const section = text.split(/^#+ /m).find((one) => one.startsWith(heading)) ?? ''
  const rows = section.split('\n').flatMap((line) => {
    const [, file, resource, rule] = /^\| `([^`]+\.json)` \| ([^|]+) \| (.+) \|$/.exec(line) ?? []
    return file ? [`${file} ${resource} ${rule!.replaceAll('\\|', '|')}`] : []
  })
  return rows.sort()
}

const withoutIndexes = (text: string): string => text.replace(/\[\d+\]/g, '[]')

const row = ({ file, resource }: Published, text: string): string =>
  withoutIndexes(`${file} ${resource.resourceType}/${resource.id} ${text}`)

/** What has to come back, in this order: all but what the server says itself. It puts id and meta first. */
const content = ({ resourceType, id: _id, meta, ...rest }: Resource): string => {
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {}
  return stringifyJson({ resourceType, meta: kept, ...rest })
}

/** Of the synthetic patients so many of each type and file go through the API; their structure is looked at for all of them. */
const EACH = 2

const DEFINITIONS = ['StructureDefinition', 'ValueSet', 'CodeSystem']

const throughApi = (all: readonly Published[]): Published[] => {
  const seen = new Map<string, number>()
  const isDefinition = ({ resource }: Published) => Number(DEFINITIONS.includes(resource.resourceType))
  // Once they are stored, definitions count: they come last.
  const ordered = all.toSorted((one, other) => isDefinition(one) - isDefinition(other))
  return ordered.filter(({ collection, file, resource }) => {
    if (collection !== 'synthea') return true
    const key = `${file} ${resource.resourceType}`
    seen.set(key, (seen.get(key) ?? 0) + 1)
    return seen.get(key)! <= EACH
  })
}

const withData = hasThirdPartyData ? describe : describe.skip

withData('with published packages and samples beside the checkout', () => {
  let all: Published[]
  beforeAll(() => {
    all = published()
  })

  test('every example of a served type is accepted, or refused for a reason that docs/validation.md lists', async () => {
    const refusals: string[] = []
    for (const one of all) {
      const problems = await declarations.get(one.resource.resourceType)!.check(one.resource)
      for (const { text } of [...problems, ...(await structuralProblems(one.resource))]) refusals.push(row(one, text))
    }
    const files = notJson.map((file) => `${file} – is not JSON`)
    expect(all.length).toBeGreaterThan(15_000)
    expect([...new Set([...refusals, ...files])].sort()).toEqual(documented('By the definition of its type'))
  }, 120_000)

  describe('through the API, where profiles are enforced', () => {
    let api: TestApi
    beforeAll(async () => {
      api = testApi({ tenant: { profileValidation: 'enforce' } })
      await addGuides(api)
    }, 60_000)

    test('what is right comes back as it was sent, and only what is wrong is refused', async () => {
      const lost: string[] = []
      const refused = new Set<string>()
      let [stored, claims] = [0, 0]
      for (const [position, one] of throughApi(all).entries()) {
        const { resourceType: type } = one.resource
        const id = `example-${position}`
        const answer = await api.put(`/${type}/${id}`, { ...one.resource, id })
        if (answer.status === 422 || answer.status === 413) {
          const { issue } = answer.body as unknown as OperationOutcome
          for (const { severity, diagnostics } of issue) if (severity === 'error') refused.add(row(one, diagnostics!))
          continue
        }
        expect([one.file, answer.status]).toEqual([one.file, 201])
        stored += 1
        claims += one.resource.meta?.profile?.length ?? 0
        const read = await api.get<Record<string, unknown>>(`/${type}/${id}`)
        if (content(read.body as unknown as Resource) !== content(one.resource)) lost.push(`${one.file} ${id}`)
      }
      expect(lost).toEqual([])
      expect(stored).toBeGreaterThan(1_000)
      expect(claims).toBeGreaterThan(250)
      const byType = documented('By the definition of its type')
      expect([...refused].filter((text) => !byType.includes(text)).sort()).toEqual(
        documented('By a profile, or by size'),
      )
    }, 240_000)
  })
})
