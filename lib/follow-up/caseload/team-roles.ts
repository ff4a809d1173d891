import type { CareTeam } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'

const MEMBER = /^(Practitioner|PractitionerRole)\/([A-Za-z0-9\-.]{1,64})$/

/** Ids of the PractitionerRoles that take part in a CareTeam now, themselves or by the people who hold them. */
export const rolesOfTeam = async ({ store, search, clock, tenant }: Careloop, id: string): Promise<string[]> => {
  const version = await store.read('CareTeam', id)
  if (!version || version.deleted) return []
  const { participant = [] } = version.content as unknown as CareTeam
  const now = clock.now()
  const members = participant.flatMap(({ member, period }) => {
    const until = period?.end && lastInstantOf(period.end, tenant.timeZone)
    const [, type, memberId] = MEMBER.exec(member?.reference ?? '') ?? []
    return type && !(until && until < now) ? [{ type, id: memberId! }] : []
  })
  const people = members.filter(({ type }) => type === 'Practitioner').map((member) => `Practitioner/${member.id}`)
  const theirs = people.length
    ? await search.all('PractitionerRole', `practitioner=${people.join()}&active:not=false`)
    : []
  const direct = members.filter(({ type }) => type === 'PractitionerRole').map((member) => member.id)
  return [...new Set([...direct, ...theirs.map((role) => role.id)])]
}
