import type {
  CapabilityStatement,
  OperationDefinition,
  OperationDefinitionParameter,
  Questionnaire,
  QuestionnaireItem,
  SearchParameter,
} from 'fhir/r4'
import { code, section, table } from './markdown.ts'

type Link = (url: string) => string

const itemRows = (items: readonly QuestionnaireItem[], depth = 0): string[][] =>
  items.flatMap(({ linkId, text = '', type, required, repeats, answerOption = [], item = [] }) => [
    [
      `${'&nbsp;&nbsp;'.repeat(depth)}${code(linkId)}`,
      text,
      [type, required && 'required', repeats && 'repeats'].filter(Boolean).join(', '),
      answerOption
        .map(({ valueCoding, valueString }) => valueCoding?.display ?? valueCoding?.code ?? valueString)
        .join('; '),
    ],
    ...itemRows(item, depth + 1),
  ])

export const questionnairePage = ({ copyright, item = [] }: Questionnaire): string[] => [
  ...section('Items', table(['item', 'text', 'type', 'answers'], itemRows(item))),
  ...section('Rights', copyright ? [copyright, ''] : []),
]

export const searchParameterPage = (parameter: SearchParameter): string[] => [
  `\`GET [base]/${parameter.base[0]}?${parameter.code}=\``,
  '',
  ...table(
    ['of', 'type', 'FHIRPath', 'prefixes', 'modifiers'],
    [
      [
        parameter.base.join(', '),
        parameter.type,
        code(parameter.expression),
        parameter.comparator?.join(', '),
        parameter.modifier?.join(', '),
      ],
    ],
  ),
]

const parameterRows = (parameters: readonly OperationDefinitionParameter[], prefix = ''): (string | undefined)[][] =>
  parameters.flatMap(({ name, use, min, max, type, documentation, part = [] }) => [
    [`${prefix}${name}`, use, `${min}..${max}`, type, documentation],
    ...parameterRows(part, `${prefix}${name}.`),
  ])

export const operationPage = ({
  comment,
  resource = [],
  system,
  type,
  instance,
  code: name,
  parameter = [],
}: OperationDefinition): string[] => {
  const on = resource.join(', ')
  const levels = [
    ...(system ? [`[base]/$${name}`] : []),
    ...(type ? [`[base]/${on}/$${name}`] : []),
    ...(instance ? [`[base]/${on}/[id]/$${name}`] : []),
  ]
  return [
    ...levels.map((level) => `- ${code(level)}`),
    '',
    ...(comment ? [comment, ''] : []),
    ...section('Parameters', table(['name', 'use', 'cardinality', 'type', 'what it is'], parameterRows(parameter))),
  ]
}

export const requirementsPage = ({ rest = [] }: CapabilityStatement, link: Link): string[] =>
  rest.flatMap(({ interaction = [], resource = [] }) => [
    `Of the whole system: ${interaction.map((one) => one.code).join(', ')}.`,
    '',
    ...resource.flatMap((one) => [
      ...section(one.type, [
        `Profiles: ${(one.supportedProfile ?? []).map(link).join(', ')}`,
        '',
        `Operations: ${(one.operation ?? []).map(({ definition }) => link(definition)).join(', ') || 'none'}`,
        '',
        ...table(
          ['interaction', 'expectation'],
          (one.interaction ?? []).map((each) => [each.code, each.extension?.[0]?.valueCode]),
        ),
        ...table(
          ['search parameter', 'type'],
          (one.searchParam ?? []).map(({ name, type }) => [code(name), type]),
        ),
      ]),
    ]),
  ])
