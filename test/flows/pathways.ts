import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlanDefinition } from 'fhir/r4'
import { packagedDefinitions } from '../../lib/pathways/packaged-definitions.ts'
import type { TenantSettings } from '../../lib/tenant.ts'
import { SimulatedTenant } from './simulated-tenant.ts'

const former = join(import.meta.dirname, '../../fhir-profiles/plan-definitions/former')

/** The plain pathway that these tests were written for: the shipped one may ask for more. */
export const transitionOfCare: PlanDefinition = JSON.parse(
  readFileSync(join(former, 'transition-of-care-1.0.0.json'), 'utf8'),
)

const BASE = 'https://careloop.dev/fhir/StructureDefinition'
const expression = (text: string) => ({ language: 'text/fhirpath' as const, expression: text })
const days = (value: number, ...extension: object[]) => ({ value, code: 'd', ...(extension.length && { extension }) })
const stop = (reason: string, text: string) => ({
  url: `${BASE}/stop`,
  extension: [
    { url: 'expression', valueExpression: expression(text) },
    { url: 'reason', valueCode: reason },
  ],
})
const reached = (outcome: string, more: object[] = []) => ({
  url: `${BASE}/evidence`,
  extension: [
    { url: 'type', valueCode: 'Communication' },
    {
      url: 'expression',
      valueExpression: expression(`%resource.status = 'completed' and %resource.payload.content = '${outcome}'`),
    },
    { url: 'date', valueExpression: expression('%resource.sent') },
    ...more,
  ],
})

/** A pathway that uses everything the engine can do, for tests. */
export const withEverything = {
  resourceType: 'PlanDefinition',
  id: 'everything',
  url: 'https://example.org/PlanDefinition/everything',
  version: '1',
  title: 'Everything',
  status: 'active',
  action: [
    {
      id: 'everything',
      trigger: [{ type: 'named-event', name: 'encounter-discharged' }],
      extension: [
        stop('deceased', '%subject.deceased = true'),
        stop(
          'readmitted',
          "%stays.where(id != %encounter.id and status != 'cancelled' and period.start > %anchor).exists()",
        ),
      ],
      condition: [
        {
          kind: 'applicability',
          expression: expression("%encounter.hospitalization.dischargeDisposition.coding.where(code = 'snf').empty()"),
        },
      ],
      input: [{ id: 'stays', type: 'Encounter' }],
      timingDuration: days(30),
      action: [
        {
          id: 'contact',
          title: 'Reach the patient',
          code: [{ text: 'contact' }],
          extension: [
            reached('reached'),
            reached('no-answer', [
              { url: 'count', valuePositiveInt: 2 },
              { url: 'within-window', valueBoolean: true },
              { url: 'result', valueCode: 'attempts-met' },
            ]),
          ],
          timingDuration: { extension: [{ url: `${BASE}/business-days`, valuePositiveInt: 2 }] },
        },
        {
          id: 'second-call',
          title: 'Call again',
          code: [{ text: 'second-call' }],
          relatedAction: [{ actionId: 'contact', relationship: 'after-end', offsetDuration: days(5) }],
          dynamicValue: [{ path: 'priority', expression: expression("'urgent'") }],
        },
        {
          id: 'pausable',
          title: 'Within a week that can pause',
          code: [{ text: 'pausable' }],
          extension: [{ url: `${BASE}/pausable`, valueBoolean: true }],
          timingDuration: { value: 48, code: 'h' },
        },
      ],
    },
  ],
} as unknown as PlanDefinition

/** Watches for another stay for so many days; what is later than that counts only where `withinWindow` is false. */
export const watch = (withinWindow: boolean, length = 30, ...more: object[]) =>
  ({
    resourceType: 'PlanDefinition',
    id: 'watch',
    url: 'https://example.org/PlanDefinition/watch',
    version: '1',
    title: 'Watch',
    status: 'active',
    action: [
      {
        id: 'watch',
        trigger: [{ type: 'named-event', name: 'encounter-discharged' }],
        timingDuration: days(length),
        action: [
          {
            id: 'another-stay',
            title: 'Watch for another stay',
            code: [{ text: 'another-stay' }],
            extension: [
              { url: `${BASE}/unattended`, valueBoolean: true },
              {
                url: `${BASE}/evidence`,
                extension: [
                  { url: 'type', valueCode: 'Encounter' },
                  {
                    url: 'expression',
                    valueExpression: expression("%resource.class.code = 'IMP' and %resource.id != %encounter.id"),
                  },
                  { url: 'date', valueExpression: expression('%resource.period.start') },
                  { url: 'within-window', valueBoolean: withinWindow },
                ],
              },
            ],
            timingDuration: days(length),
          },
          ...more,
        ],
      },
    ],
  }) as unknown as PlanDefinition

/** A tenant that runs these pathways and none of those that come with Careloop. */
export const tenantWith = async (
  definitions: readonly PlanDefinition[],
  now: string,
  settings: Partial<TenantSettings> = {},
): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(now, settings)
  const own = new Set(definitions.map(({ url }) => url))
  for (const { resourceType, id, url } of packagedDefinitions)
    if (!own.has(url)) await tenant.put({ resourceType, id, url, status: 'retired' })
  for (const definition of definitions) await tenant.put(definition)
  await tenant.settle()
  return tenant
}

/** A tenant with nothing but transitional care. */
export const tenantAt = (now: string, settings: Partial<TenantSettings> = {}): Promise<SimulatedTenant> =>
  tenantWith([transitionOfCare], now, settings)
