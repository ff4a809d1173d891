import { checkOccurrence } from './check-profile.ts'
import { isObject, type Occurrence } from './element-value.ts'
import type { Look } from './findings.ts'

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i

/** The extensions anywhere in a resource, those within extensions too. */
const extensionsIn = (value: unknown, at: string): Occurrence[] => {
  if (Array.isArray(value)) return value.flatMap((each, index) => extensionsIn(each, `${at}[${index}]`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([member, below]) => {
    const expression = `${at}.${member.startsWith('_') ? member.slice(1) : member}`
    const isExtension = (member === 'extension' || member === 'modifierExtension') && Array.isArray(below)
    const own = isExtension
      ? below.flatMap((one: unknown, index) =>
          isObject(one) ? [{ value: one, inner: one, expression: `${expression}[${index}]` }] : [],
        )
      : []
    return [...own, ...extensionsIn(below, expression)]
  })
}

/** Holds each extension whose definition is here against it; what is not known is nobody's fault. */
export const checkExtensions = (look: Omit<Look, 'profile'>): void => {
  for (const one of extensionsIn(look.resource, look.resource.resourceType)) {
    const { url } = one.inner
    const profile = typeof url === 'string' && ABSOLUTE.test(url) ? look.definitions.profile(url) : undefined
    if (profile?.type === 'Extension') checkOccurrence({ ...look, profile }, profile.root, one)
  }
}
