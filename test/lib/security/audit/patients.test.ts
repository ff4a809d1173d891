import { expect, test } from '@jest/globals'
import { patientsIn, patientsOf } from '../../../../lib/security/audit/patients.ts'

const resource = (resourceType: string, others: object) => ({ resourceType, id: 'x', ...others })

test('a resource is about those in whose compartment it is, a Patient about themselves too', () => {
  expect(
    patientsOf(resource('Task', { for: { reference: 'Patient/p1/_history/2' }, focus: { reference: 'Patient/p2' } })),
  ).toEqual(['Patient/p1', 'Patient/p2'])
  expect(
    patientsOf(resource('Patient', { link: [{ other: { reference: 'Patient/old' }, type: 'replaces' }] })),
  ).toEqual(['Patient/x', 'Patient/old'])
  expect(patientsOf(resource('Task', { for: { reference: 'https://elsewhere/fhir/Patient/p1' } }))).toEqual([])
  expect(patientsOf(resource('Practitioner', {}))).toEqual([])
})

test('a search names patients by what means the patient', () => {
  const base = 'https://api.test/fhir'
  expect(patientsIn('Task', [['patient', 'p1,Patient/p2']], base)).toEqual(['Patient/p1', 'Patient/p2'])
  expect(patientsIn('Observation', [['subject:Patient', 'p1']], base)).toEqual(['Patient/p1'])
  expect(patientsIn('Observation', [['subject', `${base}/Patient/p1`]], base)).toEqual(['Patient/p1'])
  expect(patientsIn('Patient', [['_id', 'p1']], base)).toEqual(['Patient/p1'])
  expect(
    patientsIn(
      'Task',
      [
        ['patient:missing', 'true'],
        ['owner', 'Patient/p1'],
        ['patient.name', 'x'],
      ],
      base,
    ),
  ).toEqual([])
})
