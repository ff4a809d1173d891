import fc from 'fast-check'
import { mutated, mutation } from './mutate.ts'
import { patch } from './patches.ts'
import { anyType, exampleBundles, resourceOf } from './resources.ts'
import { queryText, searchOf } from './search.ts'
import * as values from './values.ts'

const FULL_URLS = [
  'urn:uuid:0d6b7a51-3f0f-4b5f-8d53-000000000001',
  'urn:uuid:0d6b7a51-3f0f-4b5f-8d53-000000000002',
  'https://api.test/fhir/Task/1',
  'https://elsewhere.example/fhir/Task/1',
  'urn:uuid:x',
  '',
]

const conditions = fc.record(
  {
    ifMatch: fc.constantFrom<unknown>('W/"1"', 'W/"99"', '"1"', '*', 'x', 1, ''),
    ifNoneMatch: fc.constantFrom<unknown>('*', 'W/"1"', 'x', {}),
    ifNoneExist: fc.constantFrom<unknown>('identifier=urn:test:ids|1', '', '_id=1', 'x=y', '?', 7),
    ifModifiedSince: values.date,
  },
  { requiredKeys: [] },
)

/** A resource that refers to others of the same Bundle. */
const linked = (type: string, id?: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(resourceOf(type, id), fc.option(fc.constantFrom(...FULL_URLS)))
    .map(([resource, url]) =>
      url === null || typeof resource !== 'object' || resource === null
        ? resource
        : { ...resource, [type === 'Task' ? 'focus' : 'subject']: { reference: url } },
    )

const entryOf = (method: string, type: string, id: string, query: string): fc.Arbitrary<Record<string, unknown>> => {
  const byId = `${type}/${id}`
  const conditional = `${type}?${query}`
  const url = fc.oneof(
    { weight: 4, arbitrary: fc.constant(byId) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        conditional,
        type,
        '',
        '/',
        `/${byId}`,
        `https://api.test/fhir/${byId}`,
        `${byId}/_history/1`,
        `${byId}/$validate`,
        'Patient/1/$everything',
        '$process-message',
        'metadata',
        '',
        '//',
        '../Task/1',
      ),
    },
  )
  switch (method) {
    case 'POST':
      return fc.record({ url: fc.constantFrom(type, type, type, `${type}/$validate`, ''), resource: linked(type) })
    case 'PUT':
      return fc.record({ url, resource: linked(type, id) })
    case 'PATCH':
      return fc.tuple(url, patch).map(([one, { type: contentType, content }]) => ({
        url: one,
        resource:
          contentType === 'application/json-patch+json'
            ? {
                resourceType: 'Binary',
                contentType,
                data: Buffer.from(JSON.stringify(content) ?? '').toString('base64'),
              }
            : content,
      }))
    default:
      return fc.record({ url: fc.oneof(url, fc.constant(conditional)) })
  }
}

const entry = fc
  .tuple(fc.constantFrom('POST', 'POST', 'PUT', 'PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'x'), anyType, values.id)
  .chain(([method, type, id]) =>
    searchOf(type).chain((query) =>
      fc
        .tuple(entryOf(method, type, id, queryText(query)), conditions, fc.option(fc.constantFrom(...FULL_URLS)))
        .map(([{ url, resource }, conditional, fullUrl]) => ({
          ...(fullUrl !== null && { fullUrl }),
          ...(resource !== undefined && { resource }),
          request: { method, url, ...conditional },
        })),
    ),
  )

const made = fc.record({
  resourceType: fc.constant('Bundle'),
  type: fc.constantFrom('transaction', 'transaction', 'batch', 'batch', 'collection', 'x'),
  entry: fc.array(entry, { maxLength: 5 }),
})

const known = fc.constantFrom(
  ...exampleBundles('transaction'),
  ...exampleBundles('batch'),
  ...exampleBundles('message'),
)

/** Transactions and batches, and what is nearly one. */
export const bundle: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: made }, { weight: 1, arbitrary: known }),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(mutation, { maxLength: 2 }) }),
  )
  .map(([one, changes]) => mutated(one, changes))

/** FHIR messages of hospitals. */
export const message: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom(...exampleBundles('message')), fc.array(mutation, { maxLength: 4 }))
  .map(([one, changes]) => mutated(one, changes))
