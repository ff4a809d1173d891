import { fail } from '../outcome.ts'
import type { Exchange, Step } from './exchange.ts'
import { FHIR_JSON_TYPE, isOurVersion, JSON_TYPES, type MediaType, parseMediaType } from './media-type.ts'

/** Browsers and tools that take anything get JSON too. */
const ACCEPTABLE = new Set([...JSON_TYPES, 'application/*', 'text/html', 'html', '*/*', '*'])

export const negotiate = (): Step => ({
  before({ event: exchange }) {
    requireAcceptable(exchange)
  },
})

/**
 * `_format` goes before Accept. What the route gives besides JSON is chosen where it is asked for before JSON.
 * https://hl7.org/fhir/R4/http.html#mime-type
 * @throws FhirError notAcceptable (406)
 */
export const requireAcceptable = (exchange: Exchange): void => {
  const { format, headers, match } = exchange
  // A plus sign that was not encoded arrives as a space.
  const wanted = format?.trim().replace(' ', '+') ?? headers.accept
  if (wanted === undefined || wanted.trim() === '') return
  const others = match?.route.besides ?? []
  const first = wanted
    .split(',')
    .map(parseMediaType)
    .find((range) => others.some((other) => isNamed(other, range)) || isJson(range))
  const other = first && others.find((candidate) => isNamed(candidate, first))
  if (other) exchange.mediaType = other
  else if (!first)
    throw fail(
      'notAcceptable',
      `Only JSON of FHIR 4.0 is served: ask for ${[FHIR_JSON_TYPE, ...others].join(', ')}, or for no particular format.`,
    )
}

const isWanted = ({ parameters }: MediaType): boolean => Number(parameters.q ?? 1) > 0

const isJson = (range: MediaType): boolean => ACCEPTABLE.has(range.type) && isOurVersion(range) && isWanted(range)

/** By its name or, as `_format` may have it, by the last part of it: `csv`. */
const isNamed = (mediaType: string, range: MediaType): boolean =>
  (range.type === mediaType || range.type === mediaType.split('/')[1]) && isWanted(range)
