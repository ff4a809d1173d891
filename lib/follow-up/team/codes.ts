/** The canonical addresses of fhir-profiles. */
const BASE = 'https://careloop.dev/fhir'

/** What comes of a case conference: it, its agenda, its minutes. */
export const TEAM_WORK = `${BASE}/CodeSystem/team-work`
/** On a Task or a Communication: how many minutes somebody spent on it. */
export const MINUTES_SPENT = `${BASE}/StructureDefinition/minutes-spent`

const DISPLAYS = {
  'case-conference': 'Case conference',
  'conference-agenda': 'Agenda of a case conference',
  'conference-minutes': 'Minutes of a case conference',
} as const

export const teamWork = (code: keyof typeof DISPLAYS) => ({
  coding: [{ system: TEAM_WORK, code, display: DISPLAYS[code] }],
})
