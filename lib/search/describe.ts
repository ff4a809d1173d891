import type { SearchParameter as FhirSearchParameter } from 'fhir/r4'
import dueDate from '../../fhir-profiles/search-parameters/task-due-date.json' with { type: 'json' }
import startDate from '../../fhir-profiles/search-parameters/task-start-date.json' with { type: 'json' }
import type { ResourceDeclaration } from '../resources/declaration.ts'
import { everyResource } from '../resources/every-resource.ts'
import { modifiersOf } from './criterion.ts'
import { locationOf } from './elements.ts'
import { parseParameter, type SearchParameter } from './parameter.ts'
import { searchParameters } from './search-parameters.ts'

/** Those we define ourselves; all others are published by HL7, and described here by what this server does with them. */
const OWN = [dueDate, startDate] as FhirSearchParameter[]

const EVERY_TYPE = 'Resource'
const COMPARABLE = ['date', 'number', 'quantity']
const COMPARATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb', 'ap'] as FhirSearchParameter['comparator']

const describe = (base: string, parameter: SearchParameter, baseUrl: string): FhirSearchParameter => {
  const { code, type, targets, components, paths } = parameter
  const id = `${base}-${code.replace('_', '')}`
  const modifiers = modifiersOf(parameter)
  const named = modifiers.filter((modifier) => /^[a-z]/.test(modifier))
  return {
    resourceType: 'SearchParameter',
    id,
    url: `${baseUrl}/SearchParameter/${id}`,
    name: id.replace(/[^A-Za-z0-9]+(.)/g, (_all, letter: string) => letter.toUpperCase()),
    status: 'active',
    description: `How ${code} of ${base} is searched here; it looks at ${paths.map((path) => locationOf(path) || base).join(', ')}.`,
    code,
    base: [base] as FhirSearchParameter['base'],
    type,
    ...(targets.length && { target: targets as FhirSearchParameter['target'] }),
    multipleOr: true,
    multipleAnd: true,
    ...(COMPARABLE.includes(type) && { comparator: COMPARATORS }),
    ...(named.length && {
      modifier: [...named, ...(modifiers.length > named.length ? ['type'] : [])] as FhirSearchParameter['modifier'],
    }),
    ...(components.length && {
      component: components.map((component) => ({
        definition: `${baseUrl}/SearchParameter/${base}-${component}`,
        expression: component,
      })),
    }),
  } as FhirSearchParameter
}

/** Every search parameter that is advertised, as a resource. https://hl7.org/fhir/R4/searchparameter.html */
export const describeParameters = (
  declarations: ReadonlyMap<string, ResourceDeclaration>,
  baseUrl: string,
): FhirSearchParameter[] => {
  const isOwn = (type: string, code: string) => OWN.some((one) => one.code === code && one.base.includes(type as never))
  const ofEvery = Object.entries(everyResource).map(([code, text]) =>
    describe(EVERY_TYPE, parseParameter(code, text), baseUrl),
  )
  const ofTypes = [...declarations.values()].flatMap((declaration) =>
    [...searchParameters(declaration).values()]
      .filter(({ code }) => code in declaration.search && !isOwn(declaration.type, code))
      .map((parameter) => describe(declaration.type, parameter, baseUrl)),
  )
  return [...OWN, ...ofEvery, ...ofTypes].sort((one, other) => (one.id! < other.id! ? -1 : 1))
}
