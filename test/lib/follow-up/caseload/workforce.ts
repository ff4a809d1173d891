import type { ParametersParameter } from 'fhir/r4'
import type { TestApi } from '../../../support/api.ts'

export const CARE_MANAGER = { coding: [{ system: 'http://snomed.info/sct', code: '768820003' }] }

/** Somebody with one role. */
export const worker = (id: string, role: object = {}, practitioner: object = {}): object[] => [
  { resourceType: 'Practitioner', id, ...practitioner },
  {
    resourceType: 'PractitionerRole',
    id: `${id}-role`,
    active: true,
    practitioner: { reference: `Practitioner/${id}` },
    ...role,
  },
]

/** A patient with an active episode that somebody manages. */
export const episode = (patient: string, manager: string, start = '2025-01-01'): object[] => [
  { resourceType: 'Patient', id: patient },
  {
    resourceType: 'EpisodeOfCare',
    id: `episode-${patient}`,
    status: 'active',
    patient: { reference: `Patient/${patient}` },
    careManager: { reference: `Practitioner/${manager}` },
    period: { start },
  },
]

export const risk = (patient: string, code: string, at = '2025-12-01'): object => ({
  resourceType: 'RiskAssessment',
  id: `risk-${patient}-${at}`,
  status: 'final',
  subject: { reference: `Patient/${patient}` },
  occurrenceDateTime: at,
  prediction: [
    { qualitativeRisk: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/risk-probability', code }] } },
  ],
})

export const task = (id: string, others: object = {}): object => ({
  resourceType: 'Task',
  id,
  status: 'requested',
  intent: 'order',
  ...others,
})

export const due = (end: string): object => ({ restriction: { period: { end } } })

export const put = async (api: TestApi, ...resources: readonly object[]): Promise<void> => {
  for (const resource of resources as { resourceType: string; id: string }[]) {
    const answer = await api.put(`/${resource.resourceType}/${resource.id}`, resource)
    if (answer.status >= 300) throw new Error(`${resource.resourceType}/${resource.id}: ${answer.text}`)
  }
}

/** The simple values of the parts of a parameter, by name. */
export const valuesOf = ({ part = [] }: ParametersParameter): Record<string, unknown> =>
  Object.fromEntries(
    part.map((each) => {
      const { name, part: inner, ...value } = each
      const [found] = Object.values(value)
      return [name, inner ? valuesOf(each) : ((found as { reference?: string })?.reference ?? found)]
    }),
  )
