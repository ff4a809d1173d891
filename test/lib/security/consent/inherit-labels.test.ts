import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../../lib/fhir.ts'
import { withInheritedLabels } from '../../../../lib/security/consent/inherit-labels.ts'
import { labelsOf } from '../../../../lib/security/consent/labels.ts'
import type { Write } from '../../../../lib/store/plan-write.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { bodyOf, Version } from '../../../../lib/store/version.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const meta = (...codes: string[]) => ({ security: codes.map((code) => ({ system: ACT_CODE, code })) })
const versionOf = (resource: object): Version => {
  const { resourceType, id } = resource as Resource
  const item = { pk: `${resourceType}/${id}`, sk: 'current', v: 1, updated: '2026-01-05T12:00:00.000Z', method: 'PUT' }
  return new Version({ ...item, body: bodyOf(resource as Resource) })
}

/** A store of these, which counts how often it is read. */
const storeOf = (...resources: object[]) => {
  const reads: string[][] = []
  const store = {
    readMany: async (wanted: readonly { type: string; id: string }[]) => {
      reads.push(wanted.map(({ type, id }) => `${type}/${id}`))
      return resources.map(versionOf).filter(({ type, id }) => wanted.some((one) => one.type === type && one.id === id))
    },
  } as unknown as Store
  return { store, reads }
}

const write = (resource: object, base?: object): Write => {
  const { resourceType: type, id } = resource as Resource
  return { type, id: id!, resource: resource as Resource, method: 'PUT', ...(base && { base: versionOf(base) }) }
}
const codesOf = (writes: readonly Write[]) => writes.map(({ resource }) => labelsOf(resource!).map(({ code }) => code))

const task = (more: object = {}) => ({ resourceType: 'Task', id: 't', ...more })
const request = (more: object = {}) => ({ resourceType: 'ServiceRequest', id: 'r', ...more })
const condition = (...codes: string[]) => ({ resourceType: 'Condition', id: 'c', meta: meta(...codes) })
const focus = (reference: string) => ({ focus: { reference } })

describe('what is about something takes over its labels', () => {
  test.each(['Condition/c', 'Condition/c/_history/1'])('by a reference to %s', async (reference) => {
    const { store } = storeOf(condition('SUD', 'HIV'))
    expect(codesOf(await withInheritedLabels(store, [write(task(focus(reference)))]))).toEqual([['SUD', 'HIV']])
  })

  test('beside its own', async () => {
    const { store } = storeOf(condition('SUD'))
    const own = task({ ...focus('Condition/c'), meta: meta('PSY') })
    expect(codesOf(await withInheritedLabels(store, [write(own)]))).toEqual([['PSY', 'SUD']])
  })

  test('within one commit along any number of references, in whatever order they stand', async () => {
    const { store, reads } = storeOf()
    const chain = [
      write(task(focus('ServiceRequest/r'))),
      write(request({ reasonReference: [{ reference: 'Condition/c' }] })),
      write(condition('SUD')),
    ]
    expect(codesOf(await withInheritedLabels(store, chain))).toEqual([['SUD'], ['SUD'], ['SUD']])
    expect(reads).toEqual([])
  })

  test('also where two are about each other', async () => {
    const { store } = storeOf()
    const circle = [
      write(task({ ...focus('ServiceRequest/r'), meta: meta('SUD') })),
      write(request({ basedOn: [{ reference: 'Task/t' }] })),
    ]
    expect(codesOf(await withInheritedLabels(store, circle))).toEqual([['SUD'], ['SUD']])
  })

  test('and nothing else does', async () => {
    const { store, reads } = storeOf(condition('SUD'))
    const goal = { resourceType: 'Goal', id: 'g', addresses: [{ reference: 'Condition/c' }] }
    const writes = [write(goal), write(task(focus('https://elsewhere/Condition/c'))), write(task(focus('#c')))]
    expect(await withInheritedLabels(store, writes)).toBe(writes)
    expect(reads).toEqual([])
  })
})

test('what was referred to before is not read again, so a label that was taken away stays away', async () => {
  const { store, reads } = storeOf(condition('SUD'))
  const before = task(focus('Condition/c'))
  const writes = [write({ ...before, status: 'completed' }, before)]
  expect(await withInheritedLabels(store, writes)).toBe(writes)
  expect(reads).toEqual([])
})

test('all that is new is read at once', async () => {
  const { store, reads } = storeOf(condition('SUD'), { ...condition(), id: 'd' })
  await withInheritedLabels(store, [
    write(task({ ...focus('Condition/c'), basedOn: [{ reference: 'Condition/d' }] })),
    write(task({ ...focus('Condition/c'), id: 'u' })),
  ])
  expect(reads).toEqual([['Condition/c', 'Condition/d']])
})
