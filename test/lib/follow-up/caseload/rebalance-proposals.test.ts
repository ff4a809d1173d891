import { expect, test } from '@jest/globals'
import type { Parameters } from 'fhir/r4'
import { testApi } from '../../../support/api.ts'
import { due, episode, put, risk, task, valuesOf, worker } from './workforce.ts'

test('$rebalance proposes whose cases had better move, with the work that goes along, and writes nothing', async () => {
  const api = testApi({ tenant: { caseload: { defaultCapacity: 6 } } })
  const leave = { notAvailable: [{ description: 'leave', during: { start: '2026-01-01', end: '2026-01-31' } }] }
  await put(
    api,
    ...worker('away', leave),
    ...worker('full'),
    ...worker('free'),
    ...episode('ann', 'away'),
    task('call', {
      for: { reference: 'Patient/ann' },
      owner: { reference: 'Practitioner/away' },
      ...due('2026-01-08'),
    }),
    ...['p', 'q', 'r'].flatMap((patient) => [...episode(patient, 'full'), risk(patient, 'high')]),
  )
  const { status, body } = await api.get<Parameters>('/PractitionerRole/$rebalance')
  expect(status).toBe(200)
  expect(body.parameter!.map(({ name, part }) => [name, valuesOf({ name, part })])).toEqual([
    [
      'move',
      {
        patient: 'Patient/ann',
        from: 'PractitionerRole/away-role',
        to: 'PractitionerRole/free-role',
        reason: expect.objectContaining({ code: 'absent' }),
        weight: 2.1,
        'from-before': 0.35,
        'from-after': 0,
        'to-before': 0,
        'to-after': 0.35,
        task: 'Task/call',
      },
    ],
    [
      'move',
      expect.objectContaining({
        patient: 'Patient/p',
        from: 'PractitionerRole/full-role',
        to: 'PractitionerRole/free-role',
        'from-before': 1.5,
        'from-after': 1,
        'to-after': 0.85,
      }),
    ],
  ])
  expect((await api.get<{ careManager: unknown }>('/EpisodeOfCare/episode-ann')).body.careManager).toEqual({
    reference: 'Practitioner/away',
  })
})
