import { expect, test } from '@jest/globals'
import { structuralProblems } from '../../../../lib/profiles/structure.ts'

// All others are compared with their published expressions.
test.each<[key: string, resource: { resourceType: string }, place: string, text: string]>([
  [
    'app-4',
    {
      resourceType: 'Appointment',
      status: 'booked',
      start: '2026-01-05T12:00:00Z',
      end: '2026-01-05T12:15:00Z',
      participant: [{ status: 'accepted', type: [{ text: 'nurse' }] }],
      cancelationReason: { text: 'ill' },
    } as never,
    'Appointment',
    'must not have cancelationReason unless status is noshow or cancelled',
  ],
  [
    'que-7',
    {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: 'a', type: 'string', enableWhen: [{ question: 'b', operator: 'exists', answerString: 'x' }] }],
    } as never,
    'Questionnaire.item[0].enableWhen[0]',
    'must have a boolean answer when operator is exists',
  ],
  [
    'org-2',
    { resourceType: 'Organization', name: 'Clinic', address: [{ use: 'home' }] } as never,
    'Organization',
    'must not have address of use home',
  ],
])('%s', async (key, resource, place, text) => {
  expect(await structuralProblems(resource)).toEqual([
    { code: 'invariant', expression: place, text: `${place} ${text} (${key})` },
  ])
})

test('the reason of who did not come is right', async () => {
  const appointment = {
    resourceType: 'Appointment',
    status: 'noshow',
    start: '2026-01-05T12:00:00Z',
    end: '2026-01-05T12:15:00Z',
    participant: [{ status: 'accepted', type: [{ text: 'nurse' }] }],
    cancelationReason: { text: 'ill' },
  }
  expect(await structuralProblems(appointment)).toEqual([])
})
