import { fail } from '../outcome.ts'
import type { Parameter } from './interaction.ts'

export interface RelativeUrl {
  segments: string[]
  query: Parameter[]
}

/** Segments of a path, each decoded by itself so that an encoded slash parts nothing. @throws FhirError invalid (400) */
export const decodeSegments = (path: string, expression?: string): string[] => {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    throw fail('invalid', 'The URL is not encoded properly: % must be followed by two hexadecimal digits.', expression)
  }
}

/** Reads `Task/123`, `/Task?status=ready`, or the same below this service's base. @throws FhirError invalid (400) */
export const parseRelativeUrl = (url: string, baseUrl: string, expression: string): RelativeUrl => {
  const relative = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url
  if (/^[a-z][a-z\d+.-]*:/i.test(relative))
    throw fail('invalid', 'The url must be relative to the base of this service, for example Task/123.', expression)
  const [path = '', query = ''] = relative.split(/\?(.*)/s)
  return { segments: decodeSegments(path, expression), query: [...new URLSearchParams(query)] }
}
