import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { CapabilityStatement, StructureDefinition, ValueSet } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { capabilityStatement } from '../../lib/http/capability-statement.ts'
import { routes } from '../../lib/http/routes.ts'
import { validateProfiles } from '../../lib/profiles/validate-profiles.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { testApi } from '../support/api.ts'
import { example } from './examples.ts'

const FOLDER = join(import.meta.dirname, '../../fhir-profiles')
const BASE = 'https://careloop.dev/fhir'
const read = <T>(path: string): T => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as T
const all = <T>(folder: string): T[] => readdirSync(join(FOLDER, folder)).map((file) => read<T>(`${folder}/${file}`))

const profiles = all<StructureDefinition>('structure-definitions').filter(({ type }) => type !== 'Extension')

test('there is a profile of each core type', () => {
  expect([...new Set(profiles.map(({ type }) => type))].sort()).toEqual(['CarePlan', 'Goal', 'ServiceRequest', 'Task'])
})

describe.each(profiles.map((profile) => [profile.id!, profile] as const))(
  '%s',
  (id, { url, snapshot, differential }) => {
    test('is what its url says, and has a snapshot', () => {
      expect(url).toBe(`${BASE}/StructureDefinition/${id}`)
      expect(snapshot!.element.length).toBeGreaterThan(differential!.element.length)
      expect(snapshot!.element.filter(({ mustSupport }) => mustSupport).length).toBeGreaterThan(5)
    })

    test('names extensions and value sets of ours that exist', () => {
      const definitions = all<StructureDefinition>('structure-definitions').map((one) => one.url)
      const valueSets = all<ValueSet>('value-sets').map((one) => one.url)
      for (const { binding, type = [] } of snapshot!.element) {
        if (binding?.valueSet?.startsWith(BASE)) expect(valueSets).toContain(binding.valueSet)
        for (const profile of type.flatMap((one) => one.profile ?? []))
          if (profile.startsWith(BASE)) expect(definitions).toContain(profile)
      }
    })
  },
)

/** An example with some of its elements in place of others; undefined takes one away. */
const changed = (name: string, elements: Record<string, unknown>): Resource =>
  JSON.parse(JSON.stringify({ ...example(name), ...elements })) as Resource

const careTask = (code: string) => ({ coding: [{ system: `${BASE}/CodeSystem/care-task-type`, code }] })

describe('what breaks our rules does not conform', () => {
  test.each<[string, string, Record<string, unknown>, RegExp]>([
    ['care-plan-depression-follow-up', 'careloop-care-plan', { title: undefined }, /title/],
    ['care-plan-depression-follow-up', 'careloop-care-plan', { period: { end: '2027-05-01' } }, /period\.start/],
    ['care-plan-depression-follow-up', 'careloop-care-plan', { category: undefined }, /category/],
    ['goal-phq-9-halved', 'careloop-goal', { startDate: undefined, target: undefined }, /clg-1|start or a target/],
    ['goal-phq-9-halved', 'careloop-goal', { description: { coding: [{ code: 'x' }] } }, /description\.text/],
    ['service-request-home-health', 'careloop-service-request', { reasonReference: undefined }, /cls-1|what it is for/],
    ['service-request-home-health', 'careloop-service-request', { requester: undefined }, /requester/],
    ['task-medication-reconciliation', 'careloop-work-task', { restriction: undefined }, /clw-1|due date/],
    ['task-medication-reconciliation', 'careloop-work-task', { for: undefined }, /clw-2|about a patient/],
    ['task-medication-reconciliation', 'careloop-work-task', { for: { reference: 'Group/1' } }, /Task\.for/],
    [
      'task-medication-reconciliation',
      'careloop-work-task',
      { owner: undefined, performerType: undefined },
      /clw-3|pool/,
    ],
    ['task-medication-reconciliation', 'careloop-work-task', { output: undefined }, /clw-4|list/],
    ['task-medication-reconciliation', 'careloop-work-task', { code: careTask('resolve-identity') }, /clw-5|patient/],
    ['task-medication-reconciliation', 'careloop-work-task', { code: careTask('suicide-risk-assessment') }, /clw-6/],
    ['task-medication-reconciliation', 'careloop-work-task', { status: 'failed' }, /clt-1|says why/],
    ['task-home-health-referral', 'careloop-referral-task', { owner: undefined }, /clt-2|owner/],
    ['task-home-health-referral', 'careloop-referral-task', { intent: 'plan' }, /intent/],
    ['task-home-health-referral', 'careloop-referral-task', { code: careTask('make-contact') }, /code/],
    ['task-home-health-referral', 'careloop-referral-task', { focus: { reference: 'Goal/1' } }, /focus/],
    ['task-home-health-referral', 'careloop-referral-task', { requester: undefined }, /requester/],
    ['task-weight-diary', 'careloop-patient-task', { owner: { reference: 'Practitioner/1' } }, /owner/],
    ['task-weight-diary', 'careloop-patient-task', { description: undefined }, /description/],
    ['task-weight-diary', 'careloop-patient-task', { restriction: {} }, /period/],
  ])('%s as %s with %j', async (name, profile, elements, text) => {
    const { careloop } = testApi()
    const url = `${BASE}/StructureDefinition/${profile}`
    const { findings } = await validateProfiles(careloop, changed(name, elements), [url])
    const errors = findings.filter(({ severity }) => severity === undefined || severity === 'error')
    expect(errors.map((finding) => `${finding.expression} ${finding.text}`).join('\n')).toMatch(text)
  })
})

test('what partners can rely on is done', () => {
  const required = read<CapabilityStatement>('capability-statements/careloop-server.json')
  const done = capabilityStatement(routes, defaultSettings, { baseUrl: 'https://api.test/fhir', date: '2026-11-23' })
  const [wanted] = required.rest!
  const [served] = done.rest!
  expect(served!.interaction).toEqual(expect.arrayContaining(wanted!.interaction!))
  for (const resource of wanted!.resource!) {
    const own = served!.resource!.find(({ type }) => type === resource.type)!
    const codes = own.interaction!.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(resource.interaction!.map(({ code }) => code)))
    expect(own.searchParam).toEqual(expect.arrayContaining(resource.searchParam!))
    expect(own.operation).toEqual(expect.arrayContaining(resource.operation ?? []))
    for (const url of resource.supportedProfile!) expect(profiles.map((profile) => profile.url)).toContain(url)
  }
})
