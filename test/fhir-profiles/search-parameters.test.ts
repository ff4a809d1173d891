import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { SearchParameter } from 'fhir/r4'
import { parametersOf } from '../../lib/resources/index.ts'

const folder = join(import.meta.dirname, '../../fhir-profiles/search-parameters')
const published = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SearchParameter,
)

test.each(published.map((definition) => [definition.id!, definition] as const))(
  'the SearchParameter %s says what is searched',
  (id, { url, base, code, type, expression }) => {
    expect(url).toBe(`https://careloop.dev/fhir/SearchParameter/${id}`)
    const parameter = parametersOf(base[0]!).get(code)!
    expect(parameter.type).toBe(type)
    const paths = parameter.paths.map(({ steps }) => [base[0], ...steps.map((step) => step.element)].join('.'))
    expect(paths).toEqual([expression])
  },
)
