import type { Careloop } from '../careloop.ts'
import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import type { Parameter } from './interaction.ts'

/** A search that is meant to find one resource: If-None-Exist, or a conditional reference. */
export interface Criteria {
  type: string
  parameters: readonly Parameter[]
  baseUrl: string
  /** the same text however the criteria were ordered and encoded */
  canonical: string
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('&', '%26')

/** Parameters that say what a page looks like, not what it is about. */
const ABOUT_THE_PAGE =
  /^_(?:count|sort|include|revinclude|summary|elements|total|contained|containedType|cursor|explain)\b/

/** Reads `identifier=urn:mrn|123&status=active`, with or without `?` in front. @throws FhirError invalid (400) */
export const parseCriteria = (type: string, text: string, baseUrl: string): Criteria =>
  criteriaOf(type, [...new URLSearchParams(text.trim().replace(/^\?/, ''))], baseUrl)

/** The parameters of a URL as criteria. @throws FhirError invalid (400) */
export const criteriaOf = (type: string, given: readonly Parameter[], baseUrl: string): Criteria => {
  const parameters = given.filter(([, value]) => value !== '')
  if (!parameters.length)
    throw fail('invalid', 'The criteria are empty: give the parameters of a search, such as identifier=system|value.')
  const idle = parameters.find(([name]) => ABOUT_THE_PAGE.test(name))
  if (idle) throw fail('invalid', `${idle[0]} cannot be a criterion; criteria only say what to look for.`)
  const canonical = parameters
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&')
  return { type, parameters, baseUrl, canonical }
}

/** The resources that meet the criteria, two at the most: the question is only whether there are none, one or many. */
export const findUpToTwo = (careloop: Careloop, criteria: Criteria): Promise<Version[]> =>
  findUpTo(careloop, criteria, 2)

/** The resources that meet the criteria, `most` of them at the most. */
export const findUpTo = async (
  { search }: Careloop,
  { type, parameters, baseUrl }: Criteria,
  most: number,
): Promise<Version[]> => {
  const found: Version[] = []
  let next: string | undefined
  do {
    // Criteria are never read leniently: a dropped one would find the wrong resource.
    const page = await search.page({
      type,
      parameters: next === undefined ? parameters : [...parameters, ['_cursor', next]],
      handling: 'strict',
      baseUrl,
    })
    found.push(...page.versions)
    next = page.next
  } while (found.length < most && next !== undefined)
  return found.slice(0, most)
}

/** @throws FhirError multipleMatches (412) */
export const onlyMatch = (found: readonly Version[]): Version | undefined => {
  if (found.length > 1)
    throw fail(
      'multipleMatches',
      'More than one resource meets the criteria. Make them name one, for example by identifier.',
    )
  return found[0]
}
