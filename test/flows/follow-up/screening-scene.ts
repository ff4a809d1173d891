import type { Observation, QuestionnaireResponse, QuestionnaireResponseItemAnswer, Task } from 'fhir/r4'
import { SimulatedTenant } from '../simulated-tenant.ts'

export const NOW = '2026-11-20T16:00:00.000Z'
export const AUTHORED = '2026-11-20T09:50:00-06:00'
export const LOINC = 'http://loinc.org'

/** The LOINC answers of PHQ and GAD by weight. */
export const FREQUENCY = ['LA6568-5', 'LA6569-3', 'LA6570-1', 'LA6571-9']
export const YES = 'LA33-6'
export const NO = 'LA32-8'

export const PHQ9 = [
  ...['44250-9', '44255-8', '44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3', '44260-8'],
]
export const GAD7 = ['69725-0', '68509-9', '69733-4', '69734-2', '69735-9', '69689-8', '69736-7']

export const coded = (code: string): QuestionnaireResponseItemAnswer => ({ valueCoding: { system: LOINC, code } })

/** Item codes and LOINC answers, several where an item repeats. */
export type Given = Readonly<Record<string, string | readonly string[] | QuestionnaireResponseItemAnswer>>

const answersOf = (given: Given[string]): QuestionnaireResponseItemAnswer[] => {
  if (typeof given === 'string') return [coded(given)]
  return Array.isArray(given) ? given.map(coded) : [given as QuestionnaireResponseItemAnswer]
}

export const response = (
  questionnaire: string,
  given: Given,
  others: Partial<QuestionnaireResponse> = {},
): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  id: 'answers',
  questionnaire: `https://careloop.dev/fhir/Questionnaire/${questionnaire}`,
  status: 'completed',
  subject: { reference: 'Patient/amelia' },
  authored: AUTHORED,
  item: Object.entries(given).map(([code, each]) => ({ linkId: `/${code}`, answer: answersOf(each) })),
  ...others,
})

/** Answers to the items that add up to `total`: the weight of each is as high as it can be, from the first item on. */
export const adding = (items: readonly string[], total: number): Given => {
  let left = total
  return Object.fromEntries(
    items.map((item) => {
      const weight = Math.min(3, left)
      left -= weight
      return [item, FREQUENCY[weight]!]
    }),
  )
}

export const phq9 = (total: number, others: Given = {}): Given => ({ ...adding(PHQ9, total), ...others })

/** A tenant with one patient. */
export const tenantWithPatient = async (patient: object = {}, now = NOW): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(now)
  await tenant.put({ resourceType: 'Patient', id: 'amelia', gender: 'female', ...patient })
  await tenant.settle()
  return tenant
}

export const answer = async (tenant: SimulatedTenant, ...resources: readonly object[]): Promise<void> => {
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
}

export const tasks = async (tenant: SimulatedTenant, code?: string): Promise<Task[]> =>
  (await tenant.all<Task>('Task')).filter((task) => code === undefined || codeOf(task) === code)

export const codeOf = ({ code }: Task): string => code!.coding![0]!.code!

export const openCodes = async (tenant: SimulatedTenant): Promise<string[]> =>
  (await tasks(tenant))
    .filter(({ status }) => status === 'ready')
    .map(codeOf)
    .sort()

/** The Observation of the patient under a LOINC code, which there is one of. */
export const observed = async (tenant: SimulatedTenant, code: string): Promise<Observation | undefined> =>
  (await tenant.all<Observation>('Observation')).find((each) =>
    each.code.coding?.some((coding) => coding.code === code),
  )
