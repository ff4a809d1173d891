import type { CodeSystem, CodeSystemConcept, ParametersParameter } from 'fhir/r4'
import { parametersOf } from '../follow-up/parameters.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { operationParameters } from '../interactions/operation-parameters.ts'
import { fail } from '../outcome.ts'
import { askedCodes } from './asked-code.ts'
import { conceptOf, type PlacedConcept } from './code-system.ts'
import { namedCodeSystem, textOf } from './named-definition.ts'
import { sourcesOf } from './sources.ts'

/** What a code means. https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
export const codeSystemLookup: Interaction = async (careloop, request) => {
  const parameters = operationParameters(request, ['code', 'system', 'version', 'coding', 'property'])
  const [coding] = askedCodes(parameters)
  if (!coding?.code || !coding.system)
    throw fail('invalid', 'A lookup takes a code and its system, or a coding with both.')
  const version = textOf(parameters, 'version') ?? coding.version
  const codeSystem = await namedCodeSystem(sourcesOf(careloop), coding.system, version)
  const found = conceptOf(codeSystem, coding.code)
  if (!found) throw fail('notFound', 'The code system does not have this code.')
  const wanted = parameters.texts.filter(([name]) => name === 'property').map(([, value]) => value)
  return { status: 200, resource: parametersOf(meaningOf(codeSystem, found, wanted)) }
}

const property = (code: string, value: Omit<ParametersParameter, 'name'>): ParametersParameter => ({
  name: 'property',
  part: [
    { name: 'code', valueCode: code },
    { name: 'value', ...value },
  ],
})

const statedProperties = ({ property: stated = [] }: CodeSystemConcept): [string, ParametersParameter][] =>
  stated.map(({ code, ...value }) => [code, property(code, value)])

const designations = ({ designation = [] }: CodeSystemConcept): [string, ParametersParameter][] =>
  designation.map(({ language, use, value }) => [
    'designation',
    {
      name: 'designation',
      part: [
        ...(language ? [{ name: 'language', valueCode: language }] : []),
        ...(use ? [{ name: 'use', valueCoding: use }] : []),
        { name: 'value', valueString: value },
      ],
    },
  ])

/** @param wanted the properties to give; none: all */
const meaningOf = (
  { name, title, url, version }: CodeSystem,
  { concept, above }: PlacedConcept,
  wanted: readonly string[],
): ParametersParameter[] => {
  const parent = above.at(-1)
  const optional: [string, ParametersParameter][] = [
    ...(concept.definition
      ? [['definition', property('definition', { valueString: concept.definition })] as const]
      : []),
    ...designations(concept),
    ...(parent ? [['parent', property('parent', { valueCode: parent })] as const] : []),
    ...(concept.concept ?? []).map(({ code }) => ['child', property('child', { valueCode: code })] as const),
    ...statedProperties(concept),
  ].map(([code, parameter]) => [code, parameter])
  return [
    { name: 'name', valueString: name ?? title ?? url ?? '' },
    ...(version ? [{ name: 'version', valueString: version }] : []),
    { name: 'display', valueString: concept.display ?? concept.code },
    ...optional.flatMap(([code, parameter]) => (!wanted.length || wanted.includes(code) ? [parameter] : [])),
  ]
}
