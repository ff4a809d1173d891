import type { Bundle, Resource } from 'fhir/r4'
import { type Artifact, type Example, kindOf, pageOf, type Source, titleOf } from './artifact.ts'
import { cell, section, table } from './markdown.ts'
import { operationPage, questionnairePage, requirementsPage, searchParameterPage } from './other-pages.ts'
import { pathwayPage } from './pathway-page.ts'
import { linker, structureDefinitionPage } from './structure-definition-page.ts'
import { codeSystemPage, valueSetPage } from './terminology-page.ts'

const EXAMPLES = '../../fhir-profiles/examples'

const bodyOf = (artifact: Artifact, link: (url: string) => string): string[] => {
  switch (artifact.resourceType) {
    case 'StructureDefinition':
      return structureDefinitionPage(artifact, link)
    case 'PlanDefinition':
      return pathwayPage(artifact)
    case 'OperationDefinition':
      return operationPage(artifact)
    case 'SearchParameter':
      return searchParameterPage(artifact)
    case 'CapabilityStatement':
      return requirementsPage(artifact, link)
    case 'ValueSet':
      return valueSetPage(artifact, link)
    case 'CodeSystem':
      return codeSystemPage(artifact, link)
    case 'Questionnaire':
      return questionnairePage(artifact)
  }
}

const resourcesIn = (resource: Resource): Resource[] =>
  resource.resourceType === 'Bundle'
    ? ((resource as Bundle).entry ?? []).flatMap((entry) => entry.resource ?? [])
    : [resource]

/** Examples that say they are of this profile, or that name this extension or code system. */
const examplesOf = (url: string, examples: readonly Example[]): Example[] =>
  examples.filter(
    ({ resource }) =>
      resourcesIn(resource).some(({ meta }) => meta?.profile?.includes(url)) ||
      JSON.stringify(resource).includes(`"${url}"`),
  )

const artifactPage = (
  { artifact, file }: Source,
  pages: ReadonlyMap<string, string>,
  examples: readonly Example[],
): string => {
  const { url = '', version, status, description } = artifact
  const purpose = 'purpose' in artifact ? artifact.purpose : undefined
  const shown = examplesOf(url, examples).map((one) => `- [${one.file}](${EXAMPLES}/${one.file})`)
  return [
    `# ${titleOf(artifact)}`,
    '',
    ...table(
      ['canonical', 'version', 'status', 'definition'],
      [[url, version, status, `[JSON](../../fhir-profiles/${file})`]],
    ),
    ...(description ? [description, ''] : []),
    ...(purpose ? [purpose, ''] : []),
    ...bodyOf(artifact, linker(pages)),
    ...section('Examples', shown.length ? [...shown, ''] : []),
    '[All artifacts](README.md)',
    '',
  ].join('\n')
}

const HEADINGS: readonly [kind: string, heading: string][] = [
  ['profile', 'Profiles'],
  ['extension', 'Extensions'],
  ['pathway', 'Pathways'],
  ['questionnaire', 'Questionnaires'],
  ['operation', 'Operations'],
  ['search-parameter', 'Search parameters'],
  ['requirements', 'Requirements'],
  ['value-set', 'Value sets'],
  ['code-system', 'Code systems'],
]

/** The first sentence. */
const summaryOf = ({ description = '' }: Artifact): string =>
  cell(/^.*?[.](?=\s|$)/s.exec(description)?.[0] ?? description)

const storyLines = (examples: readonly Example[]): string[] => {
  const parts = examples.filter(({ file }) => file.includes('/'))
  return parts.map(({ file }) => `- [${file}](${EXAMPLES}/${file})`)
}

const indexPage = (artifacts: readonly Artifact[], examples: readonly Example[]): string =>
  [
    '# Profiles, pathways and codes',
    '',
    'What Careloop defines beyond R4 and US Core 8.0.0, one page for each. Profiles and extensions are written in FHIR Shorthand',
    '([fhir-profiles/fsh](../../fhir-profiles/fsh)) and compiled by `npm run fsh`; the JSON is committed, so that nobody needs the compiler to build.',
    'These pages are made from the JSON by `npm run pages`.',
    '',
    ...HEADINGS.flatMap(([kind, heading]) =>
      section(
        heading,
        table(
          ['', 'what it is'],
          artifacts
            .filter((one) => kindOf(one) === kind)
            .map((one) => [`[${titleOf(one)}](${pageOf(one)})`, summaryOf(one)]),
        ),
      ),
    ),
    ...section('Examples', [
      'People and places are made up.',
      '',
      ...table(
        ['example', 'type', 'profile'],
        examples
          .filter(({ file }) => !file.includes('/'))
          .map(({ file, resource }) => [
            `[${file}](${EXAMPLES}/${file})`,
            resource.resourceType,
            resource.meta?.profile?.map((profile) => profile.split('/').at(-1)).join(', '),
          ]),
      ),
    ]),
    ...section('A story, step by step', [
      'From an admission to a closed plan: transactions to be sent in this order, `curl -d @… [base] -H "Content-Type: application/fhir+json"`.',
      'A running service makes Tasks of its own beside them: it follows the discharge by its pathways.',
      '',
      ...storyLines(examples),
      '',
    ]),
  ].join('\n')

/** All pages of docs/profiles, by file name. */
export const pagesOf = (sources: readonly Source[], examples: readonly Example[]): ReadonlyMap<string, string> => {
  const artifacts = sources.map(({ artifact }) => artifact)
  const pages = new Map(artifacts.map((artifact) => [artifact.url ?? '', pageOf(artifact)]))
  return new Map([
    ['README.md', `${indexPage(artifacts, examples).trimEnd()}\n`],
    ...sources.map((source): [string, string] => [pageOf(source.artifact), artifactPage(source, pages, examples)]),
  ])
}
