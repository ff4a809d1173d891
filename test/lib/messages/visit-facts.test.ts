import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Encounter } from 'fhir/r4'
import { instantOf } from '../../../lib/clock.ts'
import type { VisitNotification } from '../../../lib/messages/notification.ts'
import { parseHl7, readAdt } from '../../../lib/messages/read-adt.ts'
import { lastEventAt, withNotification } from '../../../lib/messages/visit-facts.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { type AdtText, er7 } from './er7.ts'

const IDENTITY = { id: 'stay', subject: { reference: 'Patient/amelia' } }

const read = (text: AdtText): VisitNotification =>
  readAdt(parseHl7(er7(text)), {
    tenant: defaultSettings,
    timeZone: 'America/Chicago',
    serviceProvider: { reference: 'Organization/hosp' },
    received: '2026-12-01T00:00:00.000Z',
  }) as VisitNotification

const visitAfter = (texts: readonly AdtText[], start?: Encounter): Encounter =>
  texts.map(read).reduce<Encounter | undefined>((visit, message) => withNotification(visit, message, IDENTITY), start)!

const minute = (n: number): string => `202611201${String(Math.floor(n / 60))}${String(n % 60).padStart(2, '0')}00-0600`

const admitted: AdtText = { trigger: 'A01', at: minute(0), pv1: { 2: 'I', 44: '20261116094000' } }
const planned: AdtText = { trigger: 'A05', at: minute(0), pv1: { 2: 'P', 44: '20261123080000' } }
const discharged: AdtText = { trigger: 'A03', at: minute(10), pv1: { 2: 'I', 36: '01', 45: '20261120140000' } }
const cancelled: AdtText = { trigger: 'A11', at: minute(10), pv1: { 2: 'I' } }

const STATES: Readonly<Record<string, readonly AdtText[]>> = {
  unknown: [],
  planned: [planned],
  'in-progress': [admitted],
  finished: [admitted, discharged],
  cancelled: [admitted, cancelled],
}

describe('a trigger event and what was known before', () => {
  // What the status is after each event, by what it was: unknown to us, planned, in progress, finished, cancelled.
  test.each`
    trigger  | unknown          | planned          | inProgress       | finished         | cancelled
    ${'A01'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'}
    ${'A02'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
    ${'A03'} | ${'finished'}    | ${'finished'}    | ${'finished'}    | ${'finished'}    | ${'finished'}
    ${'A04'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'in-progress'}
    ${'A05'} | ${'planned'}     | ${'planned'}     | ${'in-progress'} | ${'finished'}    | ${'planned'}
    ${'A06'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
    ${'A07'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
    ${'A08'} | ${'in-progress'} | ${'planned'}     | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
    ${'A11'} | ${'cancelled'}   | ${'cancelled'}   | ${'cancelled'}   | ${'cancelled'}   | ${'cancelled'}
    ${'A12'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
    ${'A13'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'}
    ${'A21'} | ${'onleave'}     | ${'onleave'}     | ${'onleave'}     | ${'finished'}    | ${'cancelled'}
    ${'A22'} | ${'in-progress'} | ${'in-progress'} | ${'in-progress'} | ${'finished'}    | ${'cancelled'}
  `('$trigger', ({ trigger, unknown, planned, inProgress, finished, cancelled }: Record<string, string>) => {
    const event: AdtText = { trigger: trigger!, at: minute(20), pv1: { 2: 'I' } }
    const statuses = Object.values(STATES).map((before) => visitAfter([...before, event]).status)
    expect(statuses).toEqual([unknown, planned, inProgress, finished, cancelled])
  })

  test('a discharge is undone with its end and its disposition', () => {
    const { period, hospitalization } = visitAfter([
      admitted,
      discharged,
      { trigger: 'A13', at: minute(20), pv1: { 2: 'I' } },
    ])
    expect(period).toEqual({ start: '2026-11-16T09:40:00-06:00' })
    expect(hospitalization).toBeUndefined()
  })

  test('a class change and a transfer are facts', () => {
    const moved = visitAfter([
      { trigger: 'A04', at: minute(0), pv1: { 2: 'E', 3: 'ED^1^1^HOSP' } },
      { trigger: 'A06', at: minute(5), pv1: { 2: 'I', 3: 'W^101^1^HOSP' } },
      { trigger: 'A02', at: minute(8), pv1: { 2: 'I', 3: 'W^102^1^HOSP' } },
      { trigger: 'A12', at: minute(9), pv1: { 2: 'I', 3: 'W^101^1^HOSP' } },
    ])
    expect(moved.class.code).toBe('IMP')
    expect(moved.location?.map(({ location }) => location.identifier?.value)).toEqual(['HOSP^W^101^1'])
  })

  test('a patient on leave comes back', () => {
    const left = { trigger: 'A21', at: minute(20), pv1: { 2: 'I' } }
    const returned = { trigger: 'A22', at: minute(25), pv1: { 2: 'I' } }
    expect(visitAfter([admitted, left]).status).toBe('onleave')
    expect(visitAfter([admitted, returned, left]).status).toBe('in-progress')
  })

  test('a visit that nobody described has a class all the same', () => {
    expect(visitAfter([{ trigger: 'A11', at: minute(0) }])).toMatchObject({
      status: 'cancelled',
      class: { code: 'UNK' },
    })
    expect(visitAfter([{ trigger: 'A08', at: minute(0) }])).toMatchObject({ status: 'unknown', class: { code: 'UNK' } })
  })

  test('of a visit first heard of by an update the class and the end tell how it stands', () => {
    const update = (pv1: Record<number, string>) => visitAfter([{ trigger: 'A08', at: minute(0), pv1 }]).status
    expect(update({ 2: 'P' })).toBe('planned')
    expect(update({ 2: 'I' })).toBe('in-progress')
    expect(update({ 2: 'I', 45: '20261120140000' })).toBe('finished')
  })
})

describe('an older message', () => {
  test('does not bring back what is over', () => {
    const late = visitAfter([discharged, admitted])
    expect(late).toMatchObject({ status: 'finished', period: { start: '2026-11-16T09:40:00-06:00' } })
    expect(lastEventAt(late.extension)).toBe('2026-11-20T16:10:00.000Z')
  })

  test('undoes a discharge that is older still, whatever was updated since', () => {
    const undone = { trigger: 'A13', at: minute(15), pv1: { 2: 'I' } }
    const update = { trigger: 'A08', at: minute(20), pv1: { 2: 'I', 3: 'W^101^1^HOSP' } }
    expect(visitAfter([admitted, discharged, update, undone])).toMatchObject({ status: 'in-progress' })
    expect(visitAfter([admitted, update, undone, discharged])).toMatchObject({ status: 'in-progress' })
  })

  test('corrects a time that no newer one has spoken of', () => {
    const corrected = { ...discharged, at: minute(12), pv1: { 2: 'I', 45: '20261120151500' } }
    const update = { trigger: 'A08', at: minute(20), pv1: { 2: 'I' } }
    expect(visitAfter([admitted, update, discharged, corrected]).period?.end).toBe('2026-11-20T15:15:00-06:00')
    expect(visitAfter([admitted, update, corrected, discharged]).period?.end).toBe('2026-11-20T15:15:00-06:00')
  })
})

describe('an Encounter that a client wrote', () => {
  const written = (elements: Partial<Encounter>): Encounter => ({
    resourceType: 'Encounter',
    id: 'stay',
    meta: { lastUpdated: '2026-11-20T16:05:00.000Z' },
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    identifier: [{ system: 'urn:other', value: '1' }],
    ...elements,
  })

  test('is discharged by a message that was recorded before it was written', () => {
    const early = { ...discharged, at: minute(1) }
    expect(visitAfter([early], written({}))).toMatchObject({
      status: 'finished',
      period: { end: '2026-11-20T14:00:00-06:00' },
    })
  })

  test('is not taken back, and keeps what it says, under an older message', () => {
    const kept = visitAfter([{ ...admitted, pv1: { 2: 'O' } }], written({ status: 'finished' }))
    expect(kept).toMatchObject({ status: 'finished', class: { code: 'IMP' } })
    expect(kept.identifier?.map(({ value }) => value)).toEqual(['1', 'V100'])
  })

  test('keeps its status when a message says nothing of it', () => {
    const update = (n: number): AdtText => ({ trigger: 'A08', at: minute(n), pv1: { 2: 'I' } })
    expect(visitAfter([update(20), update(21)], written({ status: 'arrived' })).status).toBe('arrived')
  })
})

describe('messages of one visit', () => {
  const message = fc
    .record({
      trigger: fc.constantFrom(
        'A01',
        'A02',
        'A03',
        'A04',
        'A05',
        'A06',
        'A07',
        'A08',
        'A11',
        'A12',
        'A13',
        'A21',
        'A22',
      ),
      kind: fc.constantFrom('', 'I', 'E', 'O', 'P'),
      room: fc.constantFrom('', '101', '102'),
      start: fc.constantFrom('', '20261116094000', '20261116101500'),
      end: fc.constantFrom('', '', '20261120140000', '20261120151500'),
      disposition: fc.constantFrom('', '01', '03'),
    })
    .map(
      ({ trigger, kind, room, start, end, disposition }): AdtText => ({
        trigger,
        pv1: { 2: kind, 3: room && `W^${room}^1^HOSP`, 36: disposition, 44: start, 45: end },
      }),
    )
  const history = fc
    .array(message, { minLength: 1, maxLength: 8 })
    .map((texts) => texts.map((text, index) => ({ ...text, at: minute(index) })))
  const disorder = history.chain((texts) =>
    fc.tuple(
      fc.constant(texts),
      fc
        .tuple(
          fc.shuffledSubarray(texts, { minLength: texts.length, maxLength: texts.length }),
          fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
        )
        .map(([shuffled, again]) =>
          again.reduce(
            (all, [which, where]) => all.toSpliced(where % (all.length + 1), 0, texts[which % texts.length]!),
            shuffled as AdtText[],
          ),
        ),
    ),
  )

  test('come to the same in any order, however often each comes', () => {
    fc.assert(
      fc.property(disorder, ([inOrder, asTheyCame]) => {
        expect(visitAfter(asTheyCame)).toEqual(visitAfter(inOrder))
      }),
      { numRuns: 300 },
    )
  })

  test('leave the instant of the newest', () => {
    fc.assert(
      fc.property(disorder, ([inOrder, asTheyCame]) => {
        const newest = instantOf(Date.parse('2026-11-20T10:00:00-06:00') + (inOrder.length - 1) * 60_000)
        expect(lastEventAt(visitAfter(asTheyCame).extension)).toBe(newest)
      }),
    )
  })
})
