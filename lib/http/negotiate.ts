import { fail } from '../outcome.ts'
import type { Exchange, Step } from './exchange.ts'
import { isOurVersion, JSON_TYPES, parseMediaType } from './media-type.ts'

/** Browsers and tools that take anything get JSON too. */
const ACCEPTABLE = new Set([...JSON_TYPES, 'application/*', 'text/html', 'html', '*/*', '*'])

/** `_format` goes before Accept. https://hl7.org/fhir/R4/http.html#mime-type */
export const negotiate = (): Step => ({
  before({ event: exchange }) {
    const wanted = formatOf(exchange) ?? exchange.headers.accept
    if (wanted === undefined || wanted.trim() === '' || wanted.split(',').some(canBeServed)) return
    throw fail(
      'notAcceptable',
      'Only JSON of FHIR 4.0 is served: ask for application/fhir+json, or for no particular format.',
    )
  },
})

/** A plus sign that was not encoded arrives as a space. */
const formatOf = ({ event }: Exchange): string | undefined =>
  (event.multiValueQueryStringParameters?._format?.[0] ?? event.queryStringParameters?._format)
    ?.trim()
    .replace(' ', '+')

const canBeServed = (range: string): boolean => {
  const mediaType = parseMediaType(range)
  return ACCEPTABLE.has(mediaType.type) && isOurVersion(mediaType) && Number(mediaType.parameters.q ?? 1) > 0
}
