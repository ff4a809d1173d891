import { expect, test } from '@jest/globals'
import { changeRules } from '../../../../lib/events/changes/index.ts'
import type { Resource } from '../../../../lib/fhir.ts'
import { defaultSettings } from '../../../../lib/tenant.ts'

const context = { tenant: defaultSettings, woken: undefined }
const subject = { reference: 'Patient/p' }
const code = (value: string, system = 'http://loinc.org') => ({ coding: [{ system, code: value }] })

const isTold = (before: Resource | undefined, after: Resource): boolean =>
  changeRules
    .get(after.resourceType)!
    .changed(before, after, context)
    .some(({ name }) => name === 'screening-recorded')

const observation = (others: object): Resource => ({ resourceType: 'Observation', status: 'final', subject, ...others })
const condition = (others: object): Resource => ({ resourceType: 'Condition', subject, ...others })
const visit = (others: object): Resource => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  subject,
  ...others,
})

test.each<[string, Resource, boolean]>([
  ['a total', observation({ code: code('44261-6') }), true],
  ['a panel', observation({ code: code('93025-5') }), true],
  [
    'what is derived from a response',
    observation({ code: code('x'), derivedFrom: [{ reference: 'QuestionnaireResponse/r' }] }),
    true,
  ],
  ['the same code of another system', observation({ code: code('44261-6', 'urn:x') }), false],
  ['a blood pressure', observation({ code: code('85354-9') }), false],
  ['an Observation that says nothing', observation({}), false],
  ['a depression', condition({ code: code('F33.9', 'http://hl7.org/fhir/sid/icd-10-cm') }), true],
  ['a diabetes', condition({ code: code('E11.9', 'http://hl7.org/fhir/sid/icd-10-cm') }), false],
  ['a visit because of a finding', visit({ reasonReference: [{ reference: 'Observation/o' }] }), true],
  ['a visit because of a depression', visit({ reasonCode: [code('35489007', 'http://snomed.info/sct')] }), true],
  ['a visit not over yet', visit({ status: 'in-progress', reasonReference: [{ reference: 'Observation/o' }] }), false],
  ['any visit', visit({ reasonCode: [{ text: 'rash' }] }), false],
])('%s', (_name, resource, told) => {
  expect(isTold(undefined, resource)).toBe(told)
})

test('what was looked at is told of when it is so no more, or is gone', () => {
  const total = observation({ code: code('44261-6') })
  expect(isTold(total, observation({ code: code('85354-9') }))).toBe(true)
  const removed = changeRules.get('Observation')!.removed!(total, context)
  expect(removed.map(({ name }) => name)).toContain('screening-recorded')
})
