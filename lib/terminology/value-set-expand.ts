import type { ValueSet } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { operationParameters } from '../interactions/operation-parameters.ts'
import { FhirError, fail } from '../outcome.ts'
import { type ExpandedConcept, type Expansion, expand } from './expand.ts'
import { namedValueSet, textOf } from './named-definition.ts'
import { sourcesOf } from './sources.ts'

const NAMES = [
  'url',
  'valueSetVersion',
  'valueSet',
  'filter',
  'count',
  'offset',
  'includeDefinition',
  'includeDesignations',
]

/** Concepts in one answer. */
const MOST_SHOWN = 1_000

/** All codes of a value set, a page of them, or those that a person is typing. https://hl7.org/fhir/R4/valueset-operation-expand.html */
export const valueSetExpand: Interaction = async (careloop, request) => {
  const parameters = operationParameters(request, NAMES)
  if (textOf(parameters, 'includeDesignations') === 'true')
    throw fail('unsupportedParameter', 'Designations are not given: leave includeDesignations out.')
  const page = {
    filter: textOf(parameters, 'filter'),
    count: wholeNumber('count', textOf(parameters, 'count')),
    offset: wholeNumber('offset', textOf(parameters, 'offset')),
  }
  const sources = sourcesOf(careloop)
  const valueSet = await namedValueSet(careloop, request, parameters, sources)
  const expansion = await expand(valueSet, sources)
  if (!expansion || expansion.wholeSystems.length) throw cannotExpand(expansion)
  const withDefinition = textOf(parameters, 'includeDefinition') === 'true'
  return { status: 200, resource: expanded(careloop, valueSet, expansion, page, withDefinition) as unknown as Resource }
}

interface Page {
  filter?: string
  count?: number
  offset?: number
}

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw fail('invalid', `${name} must be a whole number.`)
  return Number(text)
}

const cannotExpand = (expansion: Expansion | undefined): FhirError =>
  new FhirError('unprocessable', [
    {
      code: 'not-supported',
      text: expansion
        ? 'The value set cannot be expanded here: it has all codes of a code system that is not here. PUT the CodeSystem, or list the codes in ' +
          'compose.include.concept.'
        : 'The value set cannot be expanded here: it filters a code system that is not here in full, includes value sets that are not here, or ' +
          'leaves codes out of a code system that is not here. PUT these, or store it with its expansion.',
    },
  ])

/** Every word that was typed begins a word of the display or the code. */
const isMeant = ({ code, display = '' }: ExpandedConcept, filter: string): boolean => {
  const words = `${display} ${code}`.toLowerCase().split(/[\s,;()/-]+/)
  return filter
    .toLowerCase()
    .split(/[\s,;()/-]+/)
    .every((typed) => words.some((word) => word.startsWith(typed)))
}

const expanded = (
  { clock, ids }: Careloop,
  valueSet: ValueSet,
  { concepts }: Expansion,
  { filter, count, offset = 0 }: Page,
  withDefinition: boolean,
): ValueSet => {
  const wanted = filter === undefined ? concepts : concepts.filter((concept) => isMeant(concept, filter))
  const shown = wanted.slice(offset, offset + Math.min(count ?? MOST_SHOWN, MOST_SHOWN))
  if (count === undefined && wanted.length - offset > MOST_SHOWN)
    throw new FhirError('unprocessable', [
      {
        code: 'too-costly',
        text: `There are more than ${MOST_SHOWN} codes; ask for pages with count and offset, or give a filter.`,
      },
    ])
  const { id: _id, meta: _meta, text: _text, compose, expansion: _expansion, ...rest } = valueSet
  const parameter = [
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...(offset ? [{ name: 'offset', valueInteger: offset }] : []),
  ]
  return {
    ...rest,
    ...(withDefinition && compose && { compose }),
    expansion: {
      identifier: `urn:uuid:${ids.next()}`,
      timestamp: clock.now(),
      total: wanted.length,
      offset,
      ...(parameter.length && { parameter }),
      ...(shown.length && { contains: shown.map((concept) => ({ ...concept })) }),
    },
  }
}
