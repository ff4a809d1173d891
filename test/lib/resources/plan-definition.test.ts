import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PlanDefinition } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { packagedDefinitions } from '../../../lib/pathways/packaged-definitions.ts'
import { planDefinition } from '../../../lib/resources/plan-definition.ts'
import { testApi } from '../../support/api.ts'

const check = (definition: object) => planDefinition.check(definition as Resource)

const days = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: 'd' })

const pathway = (name: string, step: object = {}): PlanDefinition =>
  ({
    resourceType: 'PlanDefinition',
    id: 'own',
    url: 'https://example.org/PlanDefinition/own',
    version: '1',
    title: 'Own',
    status: 'active',
    action: [
      {
        id: 'own',
        trigger: [{ type: 'named-event', name }],
        timingDuration: days(30),
        action: [{ id: 'call', title: 'Call', code: [{ text: 'call' }], timingDuration: days(2), ...step }],
      },
    ],
  }) as PlanDefinition

describe('a definition that one of our events starts', () => {
  test('is taken as it is put when the engine can run it', async () => {
    const { status } = await testApi().put('/PlanDefinition/own', pathway('encounter-discharged'))
    expect(status).toBe(201)
  })

  test('is refused when it is put with what the engine does not do', async () => {
    const api = testApi()
    const unfit = pathway('encounter-discharged', { cardinalityBehavior: 'multiple' })
    const { status, body } = await api.put<{ issue: object[] }>('/PlanDefinition/own', unfit)
    expect(status).toBe(422)
    expect(body.issue).toMatchObject([
      { code: 'business-rule', diagnostics: expect.stringMatching(/action call: "cardinalityBehavior"/) },
    ])
    expect((await api.get('/PlanDefinition/own')).status).toBe(404)
  })

  test.each(packagedDefinitions)('$id can be put back as it comes with Careloop', async (definition) => {
    expect(await check(definition)).toEqual([])
  })

  test('is judged whatever its actions hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom('condition', 'input', 'action', 'extension', 'timingDuration'),
        async (junk, name) => {
          const definition = pathway('encounter-discharged')
          const problems = await check({ ...definition, action: [{ ...definition.action![0], [name]: junk }] })
          for (const { text } of problems) expect(text).not.toBe('')
        },
      ),
    )
  })
})

test.each([
  ['for other software', pathway('data-changed', { cardinalityBehavior: 'multiple' })],
  ['that is no pathway', { resourceType: 'PlanDefinition', status: 'draft' }],
  [
    'that only switches another off',
    { resourceType: 'PlanDefinition', status: 'retired', url: 'https://example.org/a' },
  ],
])('a definition %s is left alone', async (_which, definition) => {
  expect(await check(definition)).toEqual([])
})
