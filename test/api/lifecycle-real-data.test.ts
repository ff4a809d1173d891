import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { declarations } from '../../lib/resources/index.ts'
import { testApi } from '../support/api.ts'

const data = process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data')
const FOLDERS = ['care-samples', 'ig', 'synthea/mcc']

interface Given {
  resourceType: string
  id?: string
}

/** Some of the files are no JSON; what has no id of its own has that of its fullUrl. */
const resourcesIn = (file: string): Given[] => {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Given & Partial<Bundle>
    if (content.resourceType !== 'Bundle') return [content]
    return (content.entry ?? []).flatMap(({ fullUrl, resource }) =>
      resource ? [{ id: fullUrl?.replace('urn:uuid:', ''), ...resource } as Given] : [],
    )
  } catch {
    return []
  }
}

const governed = ({ resourceType, id }: Given): boolean =>
  id !== undefined && declarations.get(resourceType)?.lifecycle !== undefined

const filesIn = (folder: string): string[] =>
  existsSync(join(data, folder))
    ? readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(data, folder, name))
    : []

const describeData = existsSync(join(data, FOLDERS[0]!)) ? describe : describe.skip

describeData('published care-coordination data (skipped when it is not there)', () => {
  test.each(FOLDERS)('%s loads by PUT, again and again, with nothing to say for the lifecycles', async (folder) => {
    const api = testApi()
    const found = filesIn(folder).flatMap((file) => resourcesIn(file).filter(governed))
    const refused: unknown[] = []
    let loaded = 0
    for (let round = 1; round <= 2; round += 1)
      for (const resource of found) {
        const { status, body } = await api.put<OperationOutcome>(`/${resource.resourceType}/${resource.id}`, resource)
        if (status < 300) loaded += 1
        const rules = (body.issue ?? []).filter(({ code }) => ['business-rule', 'forbidden', 'conflict'].includes(code))
        if (rules.length) refused.push([resource.resourceType, resource.id, rules])
      }
    expect(refused).toEqual([])
    expect(loaded).toBeGreaterThan(0)
  })
})
