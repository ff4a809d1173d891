import { describe, expect, test } from '@jest/globals'
import { structuralProblems } from '../../../lib/profiles/structure.ts'

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical'
const condition = (clinicalStatus: unknown) =>
  structuralProblems({ resourceType: 'Condition', subject: { reference: 'Patient/p' }, clinicalStatus } as never)

const refused = (place: string, codings: string) => ({
  code: 'code-invalid',
  expression: place,
  text: `${place} must have a coding of ${codings}`,
})

describe('a CodeableConcept with a required binding', () => {
  test.each([
    ['a code of the value set', { coding: [{ system: CLINICAL, code: 'active' }] }],
    ['a code below another', { coding: [{ system: CLINICAL, code: 'relapse' }] }],
    [
      'a code of the value set beside others and a text',
      {
        text: 'ongoing',
        coding: [
          { system: 'urn:ehr', code: '7' },
          { system: CLINICAL, code: 'active', display: 'x' },
        ],
      },
    ],
  ])('has %s', async (_what, clinicalStatus) => {
    expect(await condition(clinicalStatus)).toEqual([])
  })

  test.each([
    ['text alone', { text: 'active' }],
    ['a code that the value set does not have', { coding: [{ system: CLINICAL, code: 'Active' }] }],
    ['the code of another system', { coding: [{ system: 'urn:ehr', code: 'active' }] }],
    ['a code without a system', { coding: [{ code: 'active' }] }],
    ['a system that is the name of what every object has', { coding: [{ system: 'constructor', code: 'name' }] }],
    ['extensions alone', { extension: [{ url: 'urn:x', valueCode: 'unknown' }] }],
  ])('is refused with %s', async (_what, clinicalStatus) => {
    expect(await condition(clinicalStatus)).toEqual([
      refused('Condition.clinicalStatus', `${CLINICAL} (active, recurrence, relapse, inactive, remission, resolved)`),
    ])
  })

  test('is told as what it is when it is none', async () => {
    expect(await condition('active')).toEqual([
      {
        code: 'structure',
        expression: 'Condition.clinicalStatus',
        text: 'Condition.clinicalStatus must be a JSON object',
      },
    ])
  })
})
