import type { CareTeam, Period, PractitionerRole, Reference } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import type { Party, Transition } from '../resources/lifecycle/lifecycle.ts'
import { dateRange } from '../search/date.ts'
import { zoneOf } from '../search/zone.ts'

const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

const PRACTITIONER = /^Practitioner\/[A-Za-z0-9\-.]{1,64}$/

/** What a reference of a party may lead to that stands for several people. */
const ROLE = 'PractitionerRole'
const TEAM = 'CareTeam'
const ORGANIZATION = 'Organization'

type Named = { [element in Party]?: Reference }

/**
 * Whether the caller is a party to a resource: named by it, in the role or on the team that is, or, of an organization, in one of its
 * roles. Where it has named nobody, or a pool without members, whoever the change names is: that is how work is taken. Reads only for
 * a party that is a role, a team or an organization.
 */
export const isParty = async (
  careloop: Careloop,
  caller: string | undefined,
  party: Party,
  { before, after }: Pick<Transition, 'before' | 'after'>,
): Promise<boolean> => {
  const named = (before as Named)[party]
  const next = (after as Named)[party]
  if (!named) return standsFor(careloop, next, caller)
  if (await standsFor(careloop, named, caller)) return true
  return next?.reference !== named.reference && (await isOpenPool(careloop, named)) && standsFor(careloop, next, caller)
}

/** Whether there is anybody who could be this party. */
export const isNamed = (party: Party, { before, after }: Pick<Transition, 'before' | 'after'>): boolean =>
  (before as Named)[party] !== undefined || (after as Named)[party] !== undefined

const standsFor = async (
  careloop: Careloop,
  { reference }: Reference = {},
  caller: string | undefined,
): Promise<boolean> => {
  if (caller === undefined || reference === undefined) return false
  if (reference === caller) return true
  const [, type, id] = LITERAL.exec(reference) ?? []
  if (type === ORGANIZATION) return worksFor(careloop, reference, caller)
  if (type !== ROLE && type !== TEAM) return false
  return (await peopleOf(careloop, [{ type, id: id! }])).has(caller)
}

/** A team that names no members: its work is anybody's who takes it. */
const isOpenPool = async (careloop: Careloop, { reference }: Reference): Promise<boolean> => {
  const [, type, id] = LITERAL.exec(reference ?? '') ?? []
  return type === TEAM && !(await peopleOf(careloop, [{ type, id: id! }])).size
}

/** How deep teams are looked into: a team of teams of roles. */
const DEEPEST = 3

/** Whom roles and teams are made up of now, by reference; members that are roles or teams both themselves and with whom they hold. */
const peopleOf = async (
  careloop: Careloop,
  groups: readonly { type: string; id: string }[],
  depth = 1,
): Promise<Set<string>> => {
  const versions = await careloop.store.readMany(groups)
  const members = versions.filter(({ deleted }) => !deleted).flatMap(({ content }) => membersOf(careloop, content))
  const inner = members.flatMap((reference) => {
    const [, type, id] = LITERAL.exec(reference) ?? []
    return type === ROLE || type === TEAM ? [{ type, id: id! }] : []
  })
  const deeper = inner.length && depth < DEEPEST ? await peopleOf(careloop, distinct(inner), depth + 1) : []
  return new Set([...members, ...deeper])
}

const distinct = (groups: readonly { type: string; id: string }[]) => [
  ...new Map(groups.map((group) => [`${group.type}/${group.id}`, group])).values(),
]

const membersOf = (careloop: Careloop, resource: Readonly<Resource>): string[] => {
  const members: readonly { member?: Reference; period?: Period }[] =
    resource.resourceType === TEAM
      ? ((resource as unknown as CareTeam).participant ?? [])
      : [roleMember(resource as unknown as PractitionerRole)]
  return members.flatMap(({ member, period }) =>
    member?.reference !== undefined && !isOver(careloop, period) ? [member.reference] : [],
  )
}

const roleMember = ({ practitioner, period, active }: PractitionerRole) =>
  active === false ? {} : { member: practitioner, period }

/** Whether a period has ended. */
export const isOver = ({ clock, tenant }: Careloop, period: Period | undefined): boolean => {
  const end = period?.end && dateRange(period.end, zoneOf(tenant.timeZone))?.high
  return end !== undefined && end !== '' && end < Date.parse(clock.now())
}

const worksFor = async (careloop: Careloop, organization: string, caller: string): Promise<boolean> => {
  if (!PRACTITIONER.test(caller)) return false
  const roles = await careloop.search.all(ROLE, `practitioner=${caller}&organization=${organization}`)
  return roles.some(({ content }) => membersOf(careloop, content).includes(caller))
}
