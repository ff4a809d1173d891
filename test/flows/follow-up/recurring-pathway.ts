import type { CodeableConcept, PlanDefinition, PlanDefinitionAction, Timing } from 'fhir/r4'

const BASE = 'https://careloop.dev/fhir/StructureDefinition'
const expression = (text: string) => ({ language: 'text/fhirpath' as const, expression: text })

export const FLOATING = { url: `${BASE}/recurrence-anchor`, valueCode: 'floating' }
export const AFTER_ANCHOR = { url: `${BASE}/count-anchor-day`, valueBoolean: false }
export const rolling = (valueCode: string) => ({ url: `${BASE}/roll-forward`, valueCode })
export const WEEKLY: Timing = { extension: [AFTER_ANCHOR], repeat: { frequency: 1, period: 1, periodUnit: 'wk' } }

/** A call that reached the patient, as evidence. */
const reached = {
  url: `${BASE}/evidence`,
  extension: [
    { url: 'type', valueCode: 'Communication' },
    { url: 'expression', valueExpression: expression("%resource.status = 'completed'") },
    { url: 'date', valueExpression: expression('%resource.sent') },
  ],
}

export const call = (timingTiming: Timing, others: Partial<PlanDefinitionAction> = {}): PlanDefinitionAction => ({
  id: 'call',
  title: 'Call the patient',
  code: [{ text: 'call' } as CodeableConcept],
  timingTiming,
  extension: [reached],
  ...others,
})

/** A pathway of these steps after discharge; unless the patient died, or went to a facility. */
export const weeklyCalls = (steps: readonly PlanDefinitionAction[] = [call(WEEKLY)], days = 30) =>
  ({
    resourceType: 'PlanDefinition',
    id: 'weekly-calls',
    url: 'https://example.org/PlanDefinition/weekly-calls',
    version: '1',
    title: 'Weekly calls after discharge',
    status: 'active',
    action: [
      {
        id: 'weekly-calls',
        trigger: [{ type: 'named-event', name: 'encounter-discharged' }],
        extension: [
          {
            url: `${BASE}/stop`,
            extension: [
              { url: 'expression', valueExpression: expression('%subject.deceased = true') },
              { url: 'reason', valueCode: 'deceased' },
            ],
          },
        ],
        timingDuration: { value: days, code: 'd' },
        action: steps,
      },
    ],
  }) as unknown as PlanDefinition
