import { describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import { requireStructure } from '../../../lib/messages/require-structure.ts'
import type { FhirError } from '../../../lib/outcome.ts'
import { example } from '../../fhir-profiles/examples.ts'

type Loose = Record<string, never>

/** What is said of a notification after a change. */
const refusal = async (change: (bundle: { entry: { fullUrl: unknown; resource: Loose }[] }) => void) => {
  const bundle = example('notification-admit') as unknown as Bundle
  change(bundle as never)
  const error: FhirError | undefined = await requireStructure(bundle).then(
    () => undefined,
    (thrown) => thrown,
  )
  return error && [error.status, error.problems[0]!.expression]
}

describe('a message', () => {
  test('as it should be is taken, also with what is not looked at in any form', async () => {
    expect(await refusal(() => undefined)).toBeUndefined()
    expect(
      await refusal(({ entry }) =>
        entry.push({ fullUrl: 'urn:x', resource: { resourceType: 'Basic', code: 7 } as never }),
      ),
    ).toBeUndefined()
  })

  test.each<[string, Parameters<typeof refusal>[0], number, string]>([
    ['entries that are no list', (bundle) => Object.assign(bundle, { entry: {} }), 400, 'Bundle.entry'],
    ['an entry that is none', ({ entry }) => entry.splice(1, 1, null as never), 400, 'Bundle.entry[1]'],
    [
      'a fullUrl that is no text',
      ({ entry }) => Object.assign(entry[1]!, { fullUrl: [] }),
      400,
      'Bundle.entry[1].fullUrl',
    ],
    [
      'a resource that is none',
      ({ entry }) => Object.assign(entry[0]!, { resource: [] }),
      400,
      'Bundle.entry[0].resource',
    ],
    [
      'identifiers that are no list',
      ({ entry }) => Object.assign(entry[1]!.resource, { identifier: null }),
      422,
      'Bundle.entry[1].resource.identifier',
    ],
    [
      'a number where text belongs',
      ({ entry }) => Object.assign(entry[0]!.resource, { id: JSON.rawJSON('1.0') }),
      422,
      'Bundle.entry[0].resource.id',
    ],
  ])('with %s is refused, with the place', async (_what, change, status, expression) => {
    expect(await refusal(change)).toEqual([status, expression])
  })
})
