import type { CarePlan, CareTeam } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'

const TEAM = /^CareTeam\/([A-Za-z0-9\-.]{1,64})$/
/** Who can take part in an Appointment. */
const ATTENDEE = /^(?:Practitioner|PractitionerRole|RelatedPerson)\/[A-Za-z0-9\-.]{1,64}$/
/** A team of teams. */
const DEEPEST = 2

const membersIn = async (careloop: Careloop, ids: readonly string[], depth: number): Promise<string[]> => {
  const { store, clock, tenant } = careloop
  const versions = await store.readMany([...new Set(ids)].map((id) => ({ type: 'CareTeam', id })))
  const now = clock.now()
  const members = versions
    .filter(({ deleted }) => !deleted)
    .flatMap(({ content }) => (content as unknown as CareTeam).participant ?? [])
    .flatMap(({ member, period }) => {
      const until = period?.end && lastInstantOf(period.end, tenant.timeZone)
      return member?.reference === undefined || (until && until < now) ? [] : [member.reference]
    })
  const inner = members.flatMap((member) => TEAM.exec(member)?.[1] ?? [])
  const deeper = inner.length && depth < DEEPEST ? await membersIn(careloop, inner, depth + 1) : []
  return [...new Set([...members.filter((member) => ATTENDEE.test(member)), ...deeper])]
}

/** Who takes part in the care of a plan now: the members of its teams, else those of the patient's active ones. */
export const careTeamMembers = async (careloop: Careloop, { careTeam = [], subject }: CarePlan): Promise<string[]> => {
  const named = careTeam.flatMap(({ reference }) => TEAM.exec(reference ?? '')?.[1] ?? [])
  const patient = encodeURIComponent(subject.reference ?? '')
  const ids = named.length
    ? named
    : (await careloop.search.all('CareTeam', `patient=${patient}&status=active`)).map(({ id }) => id).sort()
  return membersIn(careloop, ids, 1)
}
