import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { compileFsh, hasSushi } from '../../../fhir-profiles/fsh/compile-fsh.ts'
import { corePackage, hasPackages, usCorePackage } from '../published.ts'

const PROFILES = join(import.meta.dirname, '../../../fhir-profiles')
const COMPILE_MS = 120_000

const withCompiler = hasSushi && hasPackages ? describe : describe.skip
withCompiler('with SUSHI (npm run fsh) and the published packages', () => {
  test(
    'the committed definitions are those that the FSH sources compile to',
    () => {
      const { compiled } = compileFsh([corePackage, usCorePackage])
      const stale = [...compiled].flatMap(([name, text]) => {
        const path = join(PROFILES, name)
        return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [name]
      })
      expect(stale).toEqual([])
      const names = [...compiled.keys()].filter((name) => name.startsWith('structure-definitions/'))
      expect(names.map((name) => name.split('/')[1])).toEqual(
        readdirSync(join(PROFILES, 'structure-definitions')).sort(),
      )
    },
    COMPILE_MS,
  )
})
