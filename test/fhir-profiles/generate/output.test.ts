import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { SearchParameter, StructureDefinition } from 'fhir/r4'
import { EXCEPTIONS } from '../../../fhir-profiles/generate/exceptions.ts'
import { generate, readDefinitions } from '../../../fhir-profiles/generate/output.ts'
import { readPackage, resourcesOf } from '../../../fhir-profiles/generate/package.ts'
import { schemaFiles } from '../../../fhir-profiles/generate/schema-files.ts'
import { SchemaWriter } from '../../../fhir-profiles/generate/schemas.ts'
import { SERVED_TYPES } from '../../../fhir-profiles/generate/types.ts'
import { ValueSets } from '../../../fhir-profiles/generate/value-sets.ts'
import { declarations, parametersOf } from '../../../lib/resources/index.ts'
import { corePackage, hasPackages, usCorePackage } from '../published.ts'

const generated = join(import.meta.dirname, '../../../lib/resources/generated')
const withPackages = hasPackages ? describe : describe.skip

withPackages('with the published FHIR packages beside the checkout', () => {
  const core = hasPackages ? readPackage(corePackage) : new Map<string, string>()
  const usCore = hasPackages ? readPackage(usCorePackage) : new Map<string, string>()

  test('the committed files are what the generator makes', () => {
    for (const [name, text] of generate(core, usCore).files)
      expect([name, readFileSync(join(generated, name), 'utf8')]).toEqual([name, text])
  })

  test.each(SERVED_TYPES)('every published search parameter of %s is declared or left out with a reason', (type) => {
    const codes = [core, usCore]
      .flatMap((files) => resourcesOf<SearchParameter>(files, 'SearchParameter'))
      .filter(({ base, code }) => base?.includes(type as never) && !code.startsWith('_'))
      .map(({ code }) => code)
    const leftOut = EXCEPTIONS.filter((one) => one.type === type && !one.declared).map(({ code }) => code)
    const declared = [...parametersOf(type).keys()]
    expect(codes.filter((code) => !declared.includes(code) && !leftOut.includes(code))).toEqual([])
    expect(leftOut.filter((code) => declared.includes(code))).toEqual([])
  })

  test('every served type is generated, and no exception is idle', () => {
    expect([...declarations.keys()].sort()).toEqual([...SERVED_TYPES].sort())
    expect(generate(core, usCore).remarks.filter((remark) => remark.includes('not needed'))).toEqual([])
  })

  test('docs/validation.md tells which constraints are not checked', () => {
    const remark = generate(core, usCore).remarks.find((one) => one.startsWith('constraints: '))!
    const [, checked, all, keys] = /^constraints: (\d+) of (\d+) are checked, but not (.+)$/.exec(remark)!
    const documentation = readFileSync(join(import.meta.dirname, '../../../docs/validation.md'), 'utf8')
    expect(documentation).toContain(`Of the ${all} constraints`)
    expect(documentation).toContain(`datatypes ${checked} are checked`)
    const documented = documentation.replace('`ppc-2` to `ppc-5`', '`ppc-2` `ppc-3` `ppc-4` `ppc-5`')
    for (const key of keys!.split(', ')) expect(documented).toContain(`\`${key}\``)
  })

  test('a schema can be written for every resource of R4', () => {
    const types = resourcesOf<StructureDefinition>(core, 'StructureDefinition')
      .filter(({ kind, abstract, derivation }) => kind === 'resource' && !abstract && derivation === 'specialization')
      .map(({ type }) => type)
    const writer = new SchemaWriter(readDefinitions(core, usCore).elements, new ValueSets(core))
    const files = new Map(schemaFiles(writer, types))
    expect(types.length).toBeGreaterThan(140)
    // An element that repeats its parent's definition refers to it.
    expect(files.get('schemas/questionnaire.ts')).toContain('item: many(QuestionnaireItem)')
    expect([...files.values()].join('')).not.toContain('undefined')
  })
})
