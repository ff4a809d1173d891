import { describe, expect, test } from '@jest/globals'
import type { ElementDefinitionConstraint, StructureDefinition } from 'fhir/r4'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import { childrenOf, Elements, elementName } from '../../../../fhir-profiles/generate/elements.ts'
import { readPackage, resourcesOf } from '../../../../fhir-profiles/generate/package.ts'
import { SERVED_TYPES } from '../../../../fhir-profiles/generate/types.ts'
import { ValueSets } from '../../../../fhir-profiles/generate/value-sets.ts'
import { invariants } from '../../../../lib/resources/invariants/core.ts'
import { furtherInvariants } from '../../../../lib/resources/invariants/further.ts'
import type { Invariant } from '../../../../lib/resources/invariants/rule.ts'
import { corePackage, hasPackages } from '../../../fhir-profiles/published.ts'
import { createRandom } from '../../../simulate/random.ts'
import { ElementMaker } from './made-elements.ts'

const SAMPLES = 60
/** until a rule has been seen to hold and to be broken */
const MOST = 5_000
const seed = Number(process.env.CARELOOP_SEED ?? Date.now() % 2 ** 31)

/** Rules that are not compared with the published expression, and what is amiss with it; they have tests of their own. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  'app-4': 'has the code no-show, which the value set of the status does not',
  'eld-16': 'has a pattern that JavaScript does not take',
  'que-7': 'asks for a Boolean of FHIRPath, which a boolean of FHIR is not',
  'rng-2': 'says nothing of quantities without a code',
}

const rules: Readonly<Record<string, Invariant>> = { ...furtherInvariants, ...invariants }

interface Published {
  name: string
  structure: StructureDefinition
  /** where the rule is asked */
  path: string
  expression: string
}

/** Each constraint at the element whose schema asks its rule: of an element without a schema of its own it is the one above. */
const publishedOf = (structure: StructureDefinition): Published[] =>
  structure.snapshot!.element.flatMap((element) => {
    const isObject = element.path === structure.type || childrenOf(structure, element.path).length > 0
    const above = element.path.slice(0, element.path.lastIndexOf('.'))
    return (element.constraint ?? []).flatMap(({ key, expression }: ElementDefinitionConstraint) => {
      const name = [`${element.path}/${key}`, key].find((one) => one in rules)
      if (!name || !expression || key === 'ext-1') return []
      const child = elementName(element).replace('[x]', '')
      return isObject
        ? [{ name, structure, path: element.path, expression }]
        : [{ name, structure, path: above, expression: `${child}.all(${expression})` }]
    })
  })

/** What the expression says of an element; undefined when it leaves that open, or cannot be asked. */
const evaluator = (base: string, expression: string): ((made: object) => boolean | undefined) => {
  const evaluate = fhirpath.compile({ base, expression }, r4, { traceFn: () => undefined })
  return (made) => {
    try {
      const [result] = evaluate(made, {
        ucum: 'http://unitsofmeasure.org',
        resource: made,
        rootResource: made,
      }) as unknown[]
      return result === undefined ? undefined : Boolean(result)
    } catch {
      return undefined
    }
  }
}

const withPackages = hasPackages ? describe : describe.skip

withPackages('with the published FHIR packages beside the checkout', () => {
  const core = hasPackages ? readPackage(corePackage) : new Map<string, string>()
  const structures = resourcesOf<StructureDefinition>(core, 'StructureDefinition')
  const served = structures.filter(
    ({ type, kind, derivation }) =>
      derivation !== 'constraint' && (kind === 'complex-type' || SERVED_TYPES.includes(type)),
  )
  const maker = new ElementMaker(new Elements(structures), new ValueSets(core), createRandom(seed))
  const byName = Map.groupBy(served.flatMap(publishedOf), ({ name }) => name)

  test('every rule is a constraint of a served type', () => {
    expect(Object.keys(rules).filter((name) => name !== 'ext-1' && !byName.has(name))).toEqual([])
  })

  test.each([...byName].filter(([name]) => !(name in NOT_COMPARED)))(
    `%s holds of what meets the published expression (seed ${seed})`,
    (name, published) => {
      const outcomes = new Set<boolean>()
      for (const { structure, path, expression } of published) {
        const met = evaluator(path, expression)
        for (let count = 0; count < SAMPLES || (outcomes.size < 2 && count < MOST); count++) {
          const made = maker.make(structure, path)
          const expected = met(made)
          if (expected === undefined) continue
          outcomes.add(expected)
          expect([path, made, rules[name]!.holds(made)]).toEqual([path, made, expected])
        }
      }
      expect(outcomes.size).toBe(2)
    },
  )
})
