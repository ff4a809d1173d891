import { describe, expect, test } from '@jest/globals'
import type { Task } from 'fhir/r4'
import type { Pathway } from '../../../lib/pathways/pathway.ts'
import { pausesOf, statusBeforeHold } from '../../../lib/pathways/pauses.ts'
import { SimulatedTenant } from '../../flows/simulated-tenant.ts'
import { stepOf } from './steps.ts'

const HOUR_MS = 3_600_000
const SINCE = '2026-11-16T08:00:00.000Z'

const pathwayOf = (pausable: boolean) => ({ steps: [stepOf('a'), stepOf('b', { pausable })] }) as unknown as Pathway

/** An Encounter and a CarePlan that have had these statuses from these hours of the day on. */
const paused = async (
  stay: readonly (readonly [hour: number, status: string])[],
  plan: readonly (readonly [hour: number, status: string])[] = [],
  pausable = true,
) => {
  const tenant = new SimulatedTenant(SINCE)
  const changes = [
    ...stay.map(([hour, status]) => ({ hour, resource: { resourceType: 'Encounter', id: 'stay', status } })),
    ...plan.map(([hour, status]) => ({ hour, resource: { resourceType: 'CarePlan', id: 'plan', status } })),
  ].sort((a, b) => a.hour - b.hour)
  for (const { hour, resource } of changes) {
    tenant.now = `2026-11-16T${String(hour).padStart(2, '0')}:00:00.000Z`
    await tenant.put(resource)
  }
  const { store } = tenant.careloop
  const version = (await store.read('Encounter', 'stay'))!
  const there = plan.length ? await store.read('CarePlan', 'plan') : undefined
  return pausesOf(
    tenant.careloop,
    pathwayOf(pausable),
    { id: 'stay', version, resource: version.content },
    there,
    SINCE,
  )
}

describe('clocks that can pause', () => {
  test('run while nobody is on leave', async () => {
    expect(await paused([[8, 'in-progress']])).toEqual({ pausedMs: 0, onLeave: false })
  })

  test('stand still on leave, which counts when it is over', async () => {
    const leave = [
      [8, 'in-progress'],
      [10, 'onleave'],
    ] as const
    expect(await paused(leave)).toEqual({ pausedMs: 0, onLeave: true })
    expect(await paused([...leave, [13, 'in-progress']])).toEqual({ pausedMs: 3 * HOUR_MS, onLeave: false })
  })

  test('count what leave and hold have in common once', async () => {
    const stay = [
      [8, 'in-progress'],
      [10, 'onleave'],
      [13, 'in-progress'],
    ] as const
    const pausedWith = async (from: number, until: number) =>
      (
        await paused(stay, [
          [8, 'active'],
          [from, 'on-hold'],
          [until, 'active'],
        ])
      ).pausedMs / HOUR_MS
    expect(await pausedWith(11, 12)).toBe(3)
    expect(await pausedWith(12, 15)).toBe(5)
    expect(await pausedWith(15, 16)).toBe(4)
  })

  test('count from when they began, not what was before', async () => {
    expect(
      (
        await paused([
          [6, 'onleave'],
          [9, 'in-progress'],
        ])
      ).pausedMs,
    ).toBe(HOUR_MS)
    expect(
      (
        await paused([
          [5, 'onleave'],
          [7, 'in-progress'],
        ])
      ).pausedMs,
    ).toBe(0)
  })

  test('are not looked for where no step can pause', async () => {
    const leave = [
      [8, 'in-progress'],
      [10, 'onleave'],
      [13, 'in-progress'],
    ] as const
    expect(await paused(leave, [], false)).toEqual({ pausedMs: 0, onLeave: false })
  })
})

describe('the status before a hold', () => {
  const statusAfter = async (...statuses: Task['status'][]) => {
    const tenant = new SimulatedTenant(SINCE)
    for (const status of statuses) await tenant.put({ resourceType: 'Task', id: 'task', status, intent: 'order' })
    return statusBeforeHold(tenant.careloop, (await tenant.careloop.store.read('Task', 'task'))!)
  }

  test('is the last that was another', async () => {
    expect(await statusAfter('ready', 'accepted', 'on-hold')).toBe('accepted')
    expect(await statusAfter('in-progress', 'on-hold', 'on-hold')).toBe('in-progress')
  })

  test('is ready, where there was none or it was final', async () => {
    expect(await statusAfter('on-hold')).toBe('ready')
    expect(await statusAfter('cancelled', 'on-hold')).toBe('ready')
  })
})
