import { describe, expect, test } from '@jest/globals'
import type { CodeSystem, ValueSet } from 'fhir/r4'
import { type Coded, type Membership, membershipOf } from '../../../lib/profiles/membership.ts'

const colours: CodeSystem = {
  resourceType: 'CodeSystem',
  url: 'urn:colours',
  status: 'active',
  content: 'complete',
  concept: [{ code: 'warm', concept: [{ code: 'red' }] }, { code: 'blue' }],
}
const valueSet = (compose: ValueSet['compose']): ValueSet => ({ resourceType: 'ValueSet', status: 'active', compose })
const terminology = {
  valueSet: (url: string) =>
    url === 'urn:warm'
      ? valueSet({ include: [{ system: 'urn:colours', filter: [{ property: 'concept', op: 'is-a', value: 'warm' }] }] })
      : undefined,
  codeSystem: (url: string) => (url === 'urn:colours' ? colours : undefined),
}
const red = { system: 'urn:colours', code: 'red' }

describe('membershipOf', () => {
  test.each<[string, ValueSet['compose'], Coded, Membership]>([
    [
      'a listed code',
      { include: [{ system: 'urn:x', concept: [{ code: 'a' }] }] },
      { system: 'urn:x', code: 'a' },
      'in',
    ],
    ['another', { include: [{ system: 'urn:x', concept: [{ code: 'a' }] }] }, { system: 'urn:x', code: 'b' }, 'out'],
    ['of no system', { include: [{ system: 'urn:x', concept: [{ code: 'a' }] }] }, { code: 'a' }, 'in'],
    ['a whole system that is here', { include: [{ system: 'urn:colours' }] }, red, 'in'],
    ['not of it', { include: [{ system: 'urn:colours' }] }, { ...red, code: 'pink' }, 'out'],
    ['a whole system that is not here', { include: [{ system: 'urn:x' }] }, { system: 'urn:x', code: 'a' }, 'in'],
    ['a filter that can be followed', { include: [{ valueSet: ['urn:warm'] }] }, red, 'in'],
    ['and does not keep it', { include: [{ valueSet: ['urn:warm'] }] }, { ...red, code: 'blue' }, 'out'],
    [
      'a filter of what is not here',
      { include: [{ system: 'urn:x', filter: [{ property: 'concept', op: 'is-a', value: 'a' }] }] },
      { system: 'urn:x', code: 'b' },
      'unknown',
    ],
    [
      'a filter of another system',
      { include: [{ system: 'urn:x', filter: [{ property: 'concept', op: 'is-a', value: 'a' }] }] },
      red,
      'out',
    ],
    ['a value set that is not here', { include: [{ valueSet: ['urn:nowhere'] }] }, red, 'unknown'],
    [
      'what is excluded',
      { include: [{ system: 'urn:colours' }], exclude: [{ system: 'urn:colours', concept: [{ code: 'red' }] }] },
      red,
      'out',
    ],
  ])('%s', (_, compose, coded, expected) => {
    expect(membershipOf(valueSet(compose), coded, terminology)).toBe(expected)
  })

  test('an expansion counts', () => {
    const expanded: ValueSet = {
      resourceType: 'ValueSet',
      status: 'active',
      expansion: { timestamp: '2026-01-01', contains: [{ abstract: true, code: 'group', contains: [red] }] },
    }
    expect(membershipOf(expanded, red, terminology)).toBe('in')
    expect(membershipOf(expanded, { code: 'group' }, terminology)).toBe('out')
  })
})
