import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { readGuide } from '../../../local/ig/read-guide.ts'
import { addGuide, listGuides, PACKAGE_TAG, removeGuide } from '../../../local/ig/stored-guides.ts'
import { CannotLoad } from '../../../local/load/cannot-load.ts'
import { bloodPressure, reading, valueSetOf } from '../../lib/profiles/own-profile.ts'
import { type TestApi, testApi } from '../../support/api.ts'

const folder = mkdtempSync(join(tmpdir(), 'careloop-ig-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content))

beforeAll(() => {
  write('package.json', {
    name: 'example.pressures',
    version: '1.0.0',
    canonical: 'http://example.org/fhir',
    title: 'Pressures',
  })
  write('StructureDefinition-bp.json', {
    ...bloodPressure,
    id: 'bp',
    text: { status: 'generated', div: '<div>x</div>' },
  })
  const { snapshot: _snapshot, ...differentialOnly } = bloodPressure
  write('StructureDefinition-source.json', { ...differentialOnly, id: 'source' })
  write('ValueSet-pressures.json', { ...valueSetOf('pressures', 'panel'), id: 'pressures' })
  write('SearchParameter-x.json', { resourceType: 'SearchParameter' })
})

const serverOf = (api: TestApi) => ({
  base: 'https://api.test/fhir',
  post: async (bundle: unknown) => {
    const { status, body } = await api.post('', bundle)
    return { status, body }
  },
})

/** How much of everything there is. */
const counts = async (api: TestApi): Promise<number[]> =>
  Promise.all(
    ['StructureDefinition', 'ValueSet', 'ImplementationGuide'].map(
      async (type) => (await api.get<Bundle>(`/${type}?_summary=count`)).body.total!,
    ),
  )

describe('a guide that a tenant adds', () => {
  test('is listed, is what resources are held against, and can be removed', async () => {
    const api = testApi({ tenant: { referentialIntegrity: 'enforce' } })
    const server = serverOf(api)
    const guide = readGuide(folder)
    expect(guide.refused.map(({ name }) => name)).toEqual(['StructureDefinition-source.json'])
    expect(await addGuide(server, guide)).toMatchObject({ added: 2, present: 0 })
    expect(await listGuides(server)).toEqual([{ key: 'example.pressures#1.0.0', title: 'Pressures', definitions: 2 }])
    const { body } = await api.post<OperationOutcome>('/Observation/$validate', reading({ valueString: 'x' }))
    expect(body.issue.map(({ expression }) => expression?.[0])).toContain('Observation.value')

    expect(await removeGuide(server, 'example.pressures#1.0.0')).toBe(3)
    expect(await counts(api)).toEqual([0, 0, 0])
    expect(await listGuides(server)).toEqual([])
  })

  test('is added once, and removing it leaves what is not its own', async () => {
    const api = testApi()
    const server = serverOf(api)
    await api.put('/ValueSet/own', { ...valueSetOf('pressures', 'panel'), id: 'own' })
    await addGuide(server, readGuide(folder))
    const next = { ...readGuide(folder), key: 'example.pressures#2.0.0', version: '2.0.0' }
    await addGuide(server, next)
    expect(await addGuide(server, next)).toMatchObject({ added: 0, present: 2 })
    expect(await counts(api)).toEqual([2, 3, 2])

    await removeGuide(server, next.key)
    expect(await counts(api)).toEqual([1, 2, 1])
    const { body } = await api.get<Bundle>(`/ValueSet?_tag=${encodeURIComponent(`${PACKAGE_TAG}|${next.key}`)}`)
    expect(body.entry ?? []).toEqual([])
  })

  test('what the service refuses is left out and told', async () => {
    const guide = readGuide(folder)
    const tooLarge = { ...bloodPressure, url: 'with a space' }
    const result = await addGuide(serverOf(testApi()), { ...guide, definitions: [...guide.definitions, tooLarge] })
    expect(result.added).toBe(2)
    expect(result.refused.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('is not a URI'))
  })
})

test('what is not there cannot be removed, and what is no package cannot be read', async () => {
  await expect(removeGuide(serverOf(testApi()), 'nowhere#1')).rejects.toThrow(CannotLoad)
  expect(() => readGuide(join(folder, 'nowhere.tgz'))).toThrow(CannotLoad)
})
