import type { Encounter } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { isCancelled, type Phase, phasesOf } from '../../pathways/phases.ts'
import { codeOf, type EventStates, patientOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'

const asEncounter = (resource: Resource): Encounter => resource as unknown as Encounter

/** How each phase's event says that it began. */
const BEGINNINGS = {
  'encounter-admitted': 'admission',
  'encounter-discharged': 'discharge',
  'ed-visit-started': 'start',
  'ed-visit-ended': 'end',
} as const satisfies { [Name in Phase]: EventStates[Name]['kind'] }

/** All that decides what a phase calls for. */
const circumstances = (phase: Phase, resource: Resource): string => {
  const { period, class: stay, hospitalization, subject } = asEncounter(resource)
  const common = [stay?.code, subject?.reference]
  const isEnd = phase === 'encounter-discharged' || phase === 'ed-visit-ended'
  return JSON.stringify(
    isEnd ? [...common, period?.end, hospitalization?.dischargeDisposition?.coding] : [...common, period?.start],
  )
}

type ChangeKind = EventStates['encounter-changed']['kind']

/** What happened to a stay or an emergency visit that did not come to a phase. */
const changeKind = (before: Resource, after: Resource, isUndone: boolean): ChangeKind => {
  if (isCancelled(after) && !isCancelled(before)) return 'cancelled'
  if (isUndone) return 'undone'
  if (after.status === 'onleave' && before.status !== 'onleave') return 'left'
  if (before.status === 'onleave' && after.status !== 'onleave') return 'returned'
  return 'updated'
}

const FACT: Happening = { name: 'fact-recorded', state: { type: 'Encounter' } }

/** Table 2.1 A of the care rules: https://hl7.org/fhir/R4/encounter.html */
export const encounter: ChangeRules = {
  type: 'Encounter',
  patient: (resource) => patientOf(asEncounter(resource).subject),

  changed(before, after, { tenant }) {
    const was = phasesOf(before, tenant.timeZone)
    const now = phasesOf(after, tenant.timeZone)
    if (!was.size && !now.size) return [FACT]
    const { status, class: stay } = asEncounter(after)
    const state = { status: codeOf(status), class: codeOf(stay?.code) }

    const happenings = [...now].flatMap((phase): Happening[] => {
      if (!was.has(phase)) return [{ name: phase, state: { kind: BEGINNINGS[phase], ...state } } as Happening]
      const isSame = circumstances(phase, before!) === circumstances(phase, after)
      return isSame ? [] : [{ name: phase, state: { kind: 'correction', ...state } }]
    })
    if (happenings.length || !before) return happenings
    const isUndone = [...was].some((phase) => !now.has(phase))
    return [{ name: 'encounter-changed', state: { kind: changeKind(before, after, isUndone), ...state } }]
  },

  removed: (before, { tenant }) =>
    phasesOf(before, tenant.timeZone).size ? [{ name: 'encounter-changed', state: { kind: 'cancelled' } }] : [FACT],
}
