import { expect, test } from '@jest/globals'
import { routes } from '../../lib/http/routes.ts'
import { declarations } from '../../lib/resources/index.ts'
import { testApi } from '../support/api.ts'

interface Document {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>
}

const load = async () => (await testApi().get<Document>('/openapi.json')).body

test('the OpenAPI document has every route, by its path and method', async () => {
  const { openapi, servers, paths } = await load()
  expect({ openapi, servers }).toEqual({ openapi: '3.1.0', servers: [{ url: 'https://api.test/fhir' }] })
  for (const { path, method } of routes) {
    const template = `/${path.replaceAll(/\[(\w+)\]/g, '{$1}')}`
    expect(Object.keys(paths[template] ?? {})).toContain(method.toLowerCase())
  }
})

test('each type has its own search, with all that its URL takes besides', async () => {
  const { paths } = await load()
  for (const type of declarations.keys())
    expect(Object.keys(paths[`/${type}`]!).sort()).toEqual(
      type === 'AuditEvent' ? ['get', 'post'] : ['delete', 'get', 'patch', 'post', 'put'],
    )
  const names = paths['/Task']!.get!.parameters!.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['owner', 'status', 'due-date', '_lastUpdated']))
})

test('parameters of a path are those that the path names', async () => {
  const { paths } = await load()
  for (const [path, operations] of Object.entries(paths))
    for (const { parameters = [] } of Object.values(operations)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named)
    }
})
