import type { CodeSystem, CodeSystemConcept, ValueSet } from 'fhir/r4'
import { code, section, table } from './markdown.ts'

const rowsOf = (concepts: readonly CodeSystemConcept[], depth = 0): string[][] =>
  concepts.flatMap(({ code: own, display = '', definition = '', concept = [] }) => [
    [`${'&nbsp;&nbsp;'.repeat(depth)}${code(own)}`, display, definition],
    ...rowsOf(concept, depth + 1),
  ])

export const codeSystemPage = ({ concept = [], valueSet }: CodeSystem, link: (url: string) => string): string[] => [
  ...(valueSet ? [`All its codes as a value set: ${link(valueSet)}.`, ''] : []),
  ...section('Codes', table(['code', 'display', 'definition'], rowsOf(concept))),
]

export const valueSetPage = ({ compose }: ValueSet, link: (url: string) => string): string[] =>
  section(
    'Codes',
    (compose?.include ?? []).flatMap(({ system = '', concept, valueSet = [] }) => [
      ...(system ? [concept ? `Of ${link(system)}:` : `All codes of ${link(system)}.`, ''] : []),
      ...valueSet.map((url) => `Those of ${link(url)}.`),
      ...table(
        ['code', 'display'],
        (concept ?? []).map((one) => [code(one.code), one.display]),
      ),
    ]),
  )
