/** https://hl7.org/fhir/R4/search.html#prefix */
export type Prefix = 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge' | 'sa' | 'eb' | 'ap'

const PREFIXED = /^(eq|ne|lt|gt|le|ge|sa|eb|ap)(?=.)/

export const splitPrefix = (text: string): { prefix: Prefix; rest: string } => {
  const prefix = PREFIXED.exec(text)?.[1] as Prefix | undefined
  return prefix ? { prefix, rest: text.slice(prefix.length) } : { prefix: 'eq', rest: text }
}
