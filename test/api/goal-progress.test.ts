import { expect, test } from '@jest/globals'
import type { Parameters, ParametersParameter } from 'fhir/r4'
import { testApi } from '../support/api.ts'

const LOINC = 'http://loinc.org'
const kg = (value: number, code = 'kg') => ({ value, unit: code, system: 'http://unitsofmeasure.org', code })

const apiWithGoal = async (target: object[]) => {
  const api = testApi({ tenant: { timeZone: 'America/Chicago' } })
  await api.put('/Goal/g', {
    resourceType: 'Goal',
    id: 'g',
    lifecycleStatus: 'active',
    description: { text: 'Lose weight, Amelia' },
    subject: { reference: 'Patient/amelia', display: 'Amelia Brandt' },
    startDate: '2026-01-01',
    target,
  })
  const weigh = (id: string, date: string, value: object) =>
    api.put(`/Observation/${id}`, {
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: LOINC, code: '29463-7' }] },
      subject: { reference: 'Patient/amelia' },
      effectiveDateTime: date,
      valueQuantity: value,
    })
  await weigh('w1', '2026-01-02T08:00:00-06:00', kg(80))
  await weigh('w2', '2026-01-09T08:00:00-06:00', kg(170, '[lb_av]'))
  return api
}

const weight = {
  measure: { coding: [{ system: LOINC, code: '29463-7' }] },
  detailQuantity: kg(70),
  dueDate: '2026-03-31',
}
const part = (parameters: readonly ParametersParameter[] | undefined, name: string) =>
  parameters?.find((candidate) => candidate.name === name)

test('the values in the unit of the target, with the status they come to', async () => {
  const api = await apiWithGoal([weight])
  const { status, body } = await api.get<Parameters>('/Goal/g/$progress')
  expect(status).toBe(200)
  expect(part(body.parameter, 'computed')!.valueCoding!.code).toBe('improving')
  const target = part(body.parameter, 'target')!.part
  expect(part(target, 'due')!.valueDateTime).toBe('2026-03-31T23:59:59-05:00')
  expect(part(target, 'baseline')!.valueQuantity).toEqual(kg(80))
  expect(part(target, 'direction')!.valueCode).toBe('decrease')
  const points = target!.filter(({ name }) => name === 'point').map((point) => part(point.part, 'value')!.valueQuantity)
  expect(points).toEqual([kg(80), kg(77.110703)])
})

test('a picture that names nobody', async () => {
  const api = await apiWithGoal([weight])
  const { status, headers, text } = await api.get('/Goal/g/$progress', { Accept: 'image/svg+xml' })
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^image\/svg\+xml/)
  expect(text).toMatch(/^<svg/)
  for (const shown of ['Goal progress', 'target ≤ 70 kg', 'due Mar 31, 2026', '77.11']) expect(text).toContain(shown)
  expect(text).not.toMatch(/amelia|brandt|lose|29463/i)
})

test('a goal that nothing measured can be compared with is refused', async () => {
  const api = await apiWithGoal([{ measure: { text: 'feels well' } }])
  expect((await api.get('/Goal/g/$progress')).status).toBe(422)
  expect((await api.get('/Goal/nobody/$progress')).status).toBe(404)
})
