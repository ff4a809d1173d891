import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Bundle, Encounter } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { readBundle } from '../../../local/load/entries.ts'
import { linksOf } from '../../../local/load/links.ts'
import { planBundle } from '../../../local/load/plan-bundle.ts'

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'fhir-profiles', 'examples')
const example = (name: string): unknown => JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8'))

const story = example('story-discharge.json') as Bundle
const finished = example('story-discharge-encounter-finished.json') as Encounter
const resources = story.entry!.map(({ resource }) => resource as unknown as Resource)

describe('the story of a discharge', () => {
  test.each(
    [...resources, finished as unknown as Resource].map(
      (resource) => [`${resource.resourceType}/${resource.id}`, resource] as const,
    ),
  )('%s is valid', async (_, resource) => {
    expect(await declarations.get(resource.resourceType)!.check(resource)).toEqual([])
  })

  test('refers to nothing outside itself and fits one transaction', () => {
    const served = new Set(declarations.keys())
    const plan = planBundle(readBundle(story), served, { size: 100, bytes: 1_000_000 })
    expect(plan).toMatchObject({ leftOut: [], dangling: 0, forward: 0, chunks: [{ length: story.entry!.length }] })
    const targets = new Set(plan.chunks[0]!.map(({ target }) => target))
    for (const { resource } of plan.chunks[0]!) for (const link of linksOf(resource)) expect(targets).toContain(link)
    for (const link of linksOf(finished)) expect(targets).toContain(link)
  })

  test('ends with the same stay, over', () => {
    const stay = resources.find(({ resourceType }) => resourceType === 'Encounter') as unknown as Encounter
    expect(finished.id).toBe(stay.id)
    expect([stay.status, finished.status]).toEqual(['in-progress', 'finished'])
    expect(finished.period?.end).toBeDefined()
  })
})
