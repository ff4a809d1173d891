import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Bundle } from 'fhir/r4'
import type { ResourceDeclaration } from '../../../../lib/resources/declaration.ts'
import { declarations } from '../../../../lib/resources/index.ts'
import { testApi } from '../../../support/api.ts'
import { callingAs } from '../../../support/caller.ts'

const ELEMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  Task: {
    intent: 'order',
    statusReason: { text: 'for the test' },
    requester: { reference: 'Practitioner/requester' },
    owner: { reference: 'Practitioner/owner' },
  },
  CarePlan: { intent: 'plan', subject: { reference: 'Patient/1' } },
  ServiceRequest: { intent: 'order', subject: { reference: 'Patient/1' } },
  Goal: { description: { text: 'walk' }, subject: { reference: 'Patient/1' } },
}
const CALLERS = [undefined, 'Practitioner/requester', 'Practitioner/owner', 'Practitioner/other']
const WAYS = ['PUT', 'PATCH', 'conditional', 'transaction', 'batch'] as const

const walks = (states: readonly string[]) =>
  fc.array(
    fc.record({ way: fc.constantFrom(...WAYS), to: fc.constantFrom(...states), caller: fc.constantFrom(...CALLERS) }),
    { minLength: 1, maxLength: 25 },
  )

/** The states a resource has been in, oldest first, when it has been sent on a walk. */
const walk = async (
  { type, lifecycle }: ResourceDeclaration,
  steps: readonly { way: (typeof WAYS)[number]; to: string; caller: string | undefined }[],
): Promise<string[]> => {
  const api = testApi()
  const { element } = lifecycle!
  const resourceIn = (state: string) => ({ resourceType: type, id: '1', ...ELEMENTS[type], [element]: state })
  await api.put(`/${type}/1`, resourceIn(Object.keys(lifecycle!.edges)[0]!))
  for (const { way, to, caller } of steps) {
    const send = callingAs(api, caller)
    const entry = [{ request: { method: 'PUT', url: `${type}/1` }, resource: resourceIn(to) }]
    if (way === 'PUT') await send('PUT', `/${type}/1`, resourceIn(to))
    else if (way === 'PATCH') await send('PATCH', `/${type}/1`, [{ op: 'replace', path: `/${element}`, value: to }])
    else if (way === 'conditional') await send('PUT', `/${type}?_id=1`, resourceIn(to))
    else await send('POST', '/', { resourceType: 'Bundle', type: way, entry })
  }
  const { body } = await api.get<Bundle>(`/${type}/1/_history?_count=100`)
  return body.entry!.map(({ resource }) => String((resource as unknown as Record<string, unknown>)[element])).reverse()
}

test.each(Object.keys(ELEMENTS))('whatever is tried, a %s only ever goes along its table', async (type) => {
  const declaration = declarations.get(type)!
  const { edges } = declaration.lifecycle!
  await fc.assert(
    fc.asyncProperty(walks(Object.keys(edges)), async (steps) => {
      const states = await walk(declaration, steps)
      for (const [index, to] of states.entries())
        if (index && states[index - 1] !== to) expect(edges[states[index - 1]!]).toContain(to)
    }),
    { numRuns: 60 },
  )
})
