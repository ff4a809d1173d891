export type UriForm = 'exact' | 'above' | 'below'

/** A canonical reference `url|version` without its version: what its list is kept by. */
export const withoutVersion = (uri: string): string => {
  const bar = uri.indexOf('|')
  return bar < 0 ? uri : uri.slice(0, bar)
}

const URL_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** Only URLs have an above and a below; URNs are as they are. */
const isBelow = (inner: string, outer: string): boolean =>
  inner === outer || (URL_SCHEME.test(outer) && inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`))

/** Case matters. A canonical value also matches by its URL alone. https://hl7.org/fhir/R4/search.html#uri */
export const matchesUri = (form: UriForm, wanted: string, value: string): boolean => {
  if (form === 'exact') return value === wanted || withoutVersion(value) === wanted
  return form === 'below' ? isBelow(withoutVersion(value), wanted) : isBelow(wanted, withoutVersion(value))
}
