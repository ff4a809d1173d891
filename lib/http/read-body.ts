import { submittedJson } from '../interactions/submitted-json.ts'
import { fail } from '../outcome.ts'
import type { Exchange, Step } from './exchange.ts'
import { FORM_TYPES, isOurVersion, parseMediaType } from './media-type.ts'
import { requireAcceptable } from './negotiate.ts'
import { addParameters } from './read-url.ts'

/** What a Lambda function can be handed. */
const LARGEST_BODY = 6 * 1024 * 1024

/** Reads the body as the route wants it: nothing, JSON, or the form of a search. */
export const readBody = (): Step => ({
  before({ event: exchange }) {
    const { body: accepted, optionalBody } = exchange.match!.route
    if (!accepted || (optionalBody && !exchange.event.body)) return
    requireMediaType(exchange, accepted)
    const text = textOf(exchange)
    if (accepted === FORM_TYPES) {
      addParameters(exchange, formOf(text))
      requireAcceptable(exchange)
    } else exchange.body = parseBody(text)
  },
})

/** @throws FhirError unsupportedMediaType (415) */
export const requireMediaType = ({ headers, event }: Exchange, accepted: readonly string[]): void => {
  if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? ''))
    throw fail('unsupportedMediaType', 'Send the body without a Content-Encoding: compressed ones are not read.')
  const contentType = headers['content-type']
  if (contentType === undefined && (!event.body || accepted !== FORM_TYPES)) return
  const mediaType = parseMediaType(contentType ?? '')
  const { charset = 'utf-8' } = mediaType.parameters
  if (accepted.includes(mediaType.type) && isOurVersion(mediaType) && /^(?:utf-?8|us-ascii)$/i.test(charset)) return
  throw fail('unsupportedMediaType', `Send Content-Type: ${accepted[0]}, in UTF-8.`)
}

/** The body as text. @throws FhirError tooLarge (413), malformed (400) */
export const textOf = ({ event: { body, isBase64Encoded } }: Exchange): string => {
  if (!body) return ''
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : undefined
  if ((bytes?.length ?? Buffer.byteLength(body)) > LARGEST_BODY)
    throw fail('tooLarge', 'A request can hold 6 MB. Send several.')
  if (!bytes) return body
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw fail('malformed', 'The body is not UTF-8.')
  }
}

/** Of parameters, modifiers and chains: `_has:Observation:patient:code`. */
const NAME = /^[\w$.:-]{0,200}$/

/** What is no form, such as JSON that is sent as one, would be quoted as the name of a parameter. @throws FhirError malformed (400) */
const formOf = (text: string): [string, string][] => {
  const form = [...new URLSearchParams(text)]
  if (!form.every(([name]) => NAME.test(name)))
    throw fail(
      'malformed',
      'The body is no form of search parameters: a name in it is none. Send name=value&name=value.',
    )
  return form
}

const parseBody = (text: string): unknown => {
  if (!text.trim()) throw fail('malformed', 'The body is empty; a resource is wanted.')
  return submittedJson(text, 'The body')
}
