import type { Bundle, BundleEntry, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { SearchPage } from '../search/search.ts'
import { resourceOf } from '../store/version.ts'
import type { Interaction } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'
import { subsetOf } from './subset.ts'

/** https://hl7.org/fhir/R4/http.html#search */
export const searchType: Interaction = async ({ search }, { type, query, prefer, baseUrl }) => {
  const page = await search.page({ type, parameters: query, handling: prefer.handling, baseUrl })
  const entry: BundleEntry[] = page.versions.map((version) => ({
    fullUrl: fullUrlOf(baseUrl, version),
    resource: subsetOf(resourceOf(version), page.result) as unknown as NonNullable<BundleEntry['resource']>,
    search: { mode: 'match' },
  }))
  const remarks = [...ignoredParameters(page), ...explanationOf(page)]
  if (remarks.length) entry.push(outcomeEntry(remarks))
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(page.total !== undefined && { total: page.total }),
    link: pageLinks(baseUrl, type, page.applied, { cursor: page.result.cursor, next: page.next }),
    ...(entry.length && { entry }),
  }
  return { status: 200, resource: bundle as unknown as Resource }
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
  const { driver, streams, gathered, rows } = explanation
  const order = gathered ? 'gathered and sorted' : 'in the order of the lists'
  const diagnostics = `Candidates came by ${driver} from ${streams} list(s), ${order}; ${rows} rows were looked at.`
  return [{ severity: 'information', code: 'informational', diagnostics }]
}

const outcomeEntry = (issue: OperationOutcomeIssue[]): BundleEntry => ({
  resource: { resourceType: 'OperationOutcome', issue } satisfies OperationOutcome as BundleEntry['resource'],
  search: { mode: 'outcome' },
})
