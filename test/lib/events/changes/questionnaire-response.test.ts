import { expect, test } from '@jest/globals'
import { questionnaireResponse } from '../../../../lib/events/changes/questionnaire-response.ts'
import { defaultSettings } from '../../../../lib/tenant.ts'

const context = { tenant: defaultSettings, woken: undefined }
const of = (status: string) => ({ resourceType: 'QuestionnaireResponse', status, subject: { reference: 'Patient/p' } })
const names = (before: string | undefined, after: string) =>
  questionnaireResponse
    .changed(before === undefined ? undefined : of(before), of(after), context)
    .map(({ name }) => name)

test.each([
  [undefined, 'completed'],
  ['in-progress', 'completed'],
  ['completed', 'amended'],
  ['completed', 'completed'],
  ['completed', 'entered-in-error'],
  ['completed', 'stopped'],
])('from %s to %s its answers are to be looked at', (before, after) => {
  expect(names(before, after)).toEqual(['questionnaire-answered', 'fact-recorded'])
})

test.each([
  [undefined, 'in-progress'],
  ['in-progress', 'stopped'],
  [undefined, 'entered-in-error'],
])('from %s to %s they never counted', (before, after) => {
  expect(names(before, after)).toEqual(['fact-recorded'])
})

test('a deleted one does not count any more; one that never did is a fact only', () => {
  expect(questionnaireResponse.removed!(of('completed'), context)).toEqual([
    { name: 'questionnaire-answered', state: { status: 'deleted' } },
    { name: 'fact-recorded', state: { type: 'QuestionnaireResponse' } },
  ])
  expect(questionnaireResponse.removed!(of('in-progress'), context).map(({ name }) => name)).toEqual(['fact-recorded'])
})
