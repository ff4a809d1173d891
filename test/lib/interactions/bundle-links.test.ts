import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { referencesIn, relativeReferences, rewriteLinks } from '../../../lib/interactions/bundle-links.ts'
import { parseJson, stringifyJson } from '../../../lib/json.ts'

const URN = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059'
const links = new Map([
  [URN, 'Patient/1'],
  ['http://old.example/fhir/Patient/9', 'Patient/1'],
  ['Patient/9', 'Patient/1'],
  ['Practitioner?identifier=npi|5', 'Practitioner/2'],
])
const rewritten = (elements: object) => rewriteLinks({ resourceType: 'Task', ...elements }, links)

describe('links of a Bundle', () => {
  test.each([
    ['a placeholder', URN, 'Patient/1'],
    ['an absolute fullUrl', 'http://old.example/fhir/Patient/9', 'Patient/1'],
    ['a relative reference to it', 'Patient/9', 'Patient/1'],
    ['a conditional reference', 'Practitioner?identifier=npi|5', 'Practitioner/2'],
    ['a fragment', `${URN}#name`, 'Patient/1#name'],
    ['a contained resource', '#p', '#p'],
    ['something else', 'Patient/99', 'Patient/99'],
  ])('%s in a reference', (_what, reference, literal) => {
    expect(rewritten({ for: { reference } })).toMatchObject({ for: { reference: literal } })
  })

  test('in uris, in extensions, in contained resources and in the narrative', () => {
    const resource = rewritten({
      instantiatesUri: URN,
      extension: [{ url: 'http://x', valueUri: URN, extension: [{ url: 'y', valueReference: { reference: URN } }] }],
      contained: [{ resourceType: 'Task', focus: { reference: URN } }],
      text: { status: 'generated', div: `<div><a href="${URN}">x</a><img src='${URN}'/> ${URN}</div>` },
    })
    expect(resource).toMatchObject({
      instantiatesUri: 'Patient/1',
      extension: [{ valueUri: 'Patient/1', extension: [{ valueReference: { reference: 'Patient/1' } }] }],
      contained: [{ focus: { reference: 'Patient/1' } }],
      text: { div: `<div><a href="Patient/1">x</a><img src='Patient/1'/> ${URN}</div>` },
    })
  })

  test('not in the value of an identifier, nor in the web address that names a definition', () => {
    const elements = {
      identifier: [{ system: 'urn:ietf:rfc:3986', value: URN }],
      instantiatesCanonical: 'http://old.example/fhir/Patient/9',
    }
    expect(rewritten(elements)).toMatchObject(elements)
  })

  test('what holds no links is the same object, decimals and odd names included', () => {
    const resource = parseJson(
      '{"resourceType":"Task","a":{"__proto__":{"x":1.50}},"for":{"reference":"Patient/2"}}',
    ) as Resource
    expect(rewriteLinks(resource, links)).toBe(resource)
    const linked = parseJson(
      '{"resourceType":"Task","a":{"__proto__":{"x":1.50}},"for":{"reference":"Patient/9"}}',
    ) as Resource
    expect(stringifyJson(rewriteLinks(linked, links))).toBe(
      '{"resourceType":"Task","a":{"__proto__":{"x":1.50}},"for":{"reference":"Patient/1"}}',
    )
  })

  test('rewriting changes nothing but links', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (elements) => {
        expect(stringifyJson(rewritten({ elements }))).toBe(stringifyJson({ resourceType: 'Task', elements }))
      }),
    )
  })

  test('references are found with their places', () => {
    const found = [...referencesIn({ for: { reference: 'a' }, input: [{ valueReference: { reference: 'b' } }] })]
    expect(found).toEqual([
      { reference: 'a', path: 'for.reference' },
      { reference: 'b', path: 'input[0].valueReference.reference' },
    ])
  })
})

describe('references below the base', () => {
  const BASE = 'https://host/fhir'
  const relative = (elements: object) => relativeReferences({ resourceType: 'Task', ...elements }, BASE)

  test.each([
    [`${BASE}/Patient/1`, 'Patient/1'],
    [`${BASE}/Patient/1/_history/2`, 'Patient/1/_history/2'],
    [`${BASE}/Patient?identifier=x`, 'Patient?identifier=x'],
    [`${BASE}/metadata`, `${BASE}/metadata`],
    [`${BASE}s/Patient/1`, `${BASE}s/Patient/1`],
    [BASE, BASE],
    ['Patient/1', 'Patient/1'],
    ['#contained', '#contained'],
  ])('%s becomes %s', (reference, expected) => {
    expect(relative({ for: { reference } })).toEqual({ resourceType: 'Task', for: { reference: expected } })
  })

  test('only references do: urls, canonicals, text and values stay', () => {
    const resource = {
      resourceType: 'Task',
      instantiatesCanonical: `${BASE}/PlanDefinition/1`,
      description: `${BASE}/Patient/1`,
      identifier: [{ value: `${BASE}/Patient/1` }],
    }
    expect(relativeReferences(resource, BASE)).toBe(resource)
  })

  test('decimals keep their precision beside it', () => {
    const text = '{"resourceType":"Task","for":{"reference":"https://host/fhir/Patient/1"},"x":1.00}'
    expect(stringifyJson(relativeReferences(parseJson(text) as Resource, BASE))).toBe(
      '{"resourceType":"Task","for":{"reference":"Patient/1"},"x":1.00}',
    )
  })
})
