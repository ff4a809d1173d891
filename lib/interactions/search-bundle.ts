import type { Bundle, BundleEntry, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { SearchPage } from '../search/search.ts'
import type { Version } from '../store/version.ts'
import type { Answer } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'
import { type Subset, subsetOf } from './subset.ts'

/** A page as a Bundle; `path` is what was searched, below the base. https://hl7.org/fhir/R4/search.html#return */
export const searchBundle = (page: SearchPage, { baseUrl, path }: { baseUrl: string; path: string }): Answer => {
  const { summary } = page.result
  const entryOf = (version: Version, mode: 'match' | 'include', subset: Subset): BundleEntry => ({
    fullUrl: fullUrlOf(baseUrl, version),
    resource: subsetOf(version.content, subset) as unknown as NonNullable<BundleEntry['resource']>,
    search: { mode },
  })
  const entry = [
    ...page.versions.map((version) => entryOf(version, 'match', page.result)),
    // Elements are those of the type that is searched.
    ...page.included.map((version) => entryOf(version, 'include', { summary })),
  ]
  const remarks = [...ignoredParameters(page), ...explanationOf(page)]
  if (remarks.length) entry.push(outcomeEntry(remarks))
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(page.total !== undefined && { total: page.total }),
    link: pageLinks(baseUrl, path, page.applied, { cursor: page.result.cursor, next: page.next }),
    ...(entry.length && { entry }),
  }
  return { status: 200, resource: bundle as unknown as Resource, seen: [...page.versions, ...page.included] }
}

/** Tells a client that asked for leniency what it got. https://hl7.org/fhir/R4/search.html#errors */
const ignoredParameters = ({ ignored }: SearchPage): OperationOutcomeIssue[] =>
  ignored.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: `${name} was left out of the search.`,
  }))

/** What `_explain=true` asks for. */
const explanationOf = ({ explanation }: SearchPage): OperationOutcomeIssue[] => {
  if (!explanation) return []
  const { driver, streams, gathered, rows, otherRows } = explanation
  const order = gathered ? 'gathered and sorted' : 'in the order of the lists'
  const others = otherRows ? `, and ${otherRows} for chained criteria and includes` : ''
  const diagnostics = `Candidates came by ${driver} from ${streams} list(s), ${order}; ${rows} rows were looked at${others}.`
  return [{ severity: 'information', code: 'informational', diagnostics }]
}

export const outcomeEntry = (issue: OperationOutcomeIssue[]): BundleEntry => ({
  resource: { resourceType: 'OperationOutcome', issue } satisfies OperationOutcome as BundleEntry['resource'],
  search: { mode: 'outcome' },
})
