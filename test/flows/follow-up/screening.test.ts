import { describe, expect, test } from '@jest/globals'
import type { Encounter, Flag, Observation, Provenance, ServiceRequest, Task } from 'fhir/r4'
import {
  adding,
  answer,
  GAD7,
  type Given,
  LOINC,
  NO,
  observed,
  openCodes,
  PHQ9,
  phq9,
  response,
  tasks,
  tenantWithPatient,
  YES,
} from './screening-scene.ts'

const AUDIT = (last: string): Given => ({ '68518-0': 'LA18927-6', '68519-8': 'LA15695-2', '68520-6': last })
const AUDIT_3 = AUDIT('LA6270-8')
const AUDIT_4 = AUDIT('LA18933-4')
const HITS_10 = { '95618-5': 'LA10082-8', '95617-7': 'LA10082-8', '95616-9': 'LA10066-1', '95615-1': 'LA10066-1' }

/** The end of a window that is counted in days, as a local date. */
const dueDay = ({ restriction }: Task): string => restriction!.period!.end!.slice(0, 10)

describe('acceptance test 9', () => {
  test('a total of 4 with item 9 answered is a stat Task for who is on call, within the hour', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(3, { '44260-8': 'LA6569-3' })))
    expect((await observed(tenant, '44261-6'))?.valueQuantity?.value).toBe(4)
    const [task, ...others] = await tasks(tenant)
    expect(others).toEqual([])
    expect(task).toMatchObject({
      status: 'ready',
      priority: 'stat',
      owner: { reference: 'CareTeam/crisis-on-call-pool' },
      restriction: { period: { start: '2026-11-20T09:50:00-06:00', end: '2026-11-20T10:50:00-06:00' } },
      reasonReference: { reference: `Observation/${(await observed(tenant, '44260-8'))!.id}` },
    })
    expect(await tenant.all<Flag>('Flag')).toMatchObject([
      { status: 'active', subject: { reference: 'Patient/amelia' } },
    ])
  })

  test('a total that differs from the one that was sent is kept and flagged, and so is the other', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', { ...phq9(4), '44261-6': { valueInteger: 9 } }))
    expect(await observed(tenant, '44261-6')).toMatchObject({
      valueQuantity: { value: 4 },
      extension: [
        {
          url: 'https://careloop.dev/fhir/StructureDefinition/reported-score',
          extension: [
            { url: 'score', valueDecimal: 9 },
            { url: 'source', valueReference: { reference: 'QuestionnaireResponse/answers' } },
          ],
        },
      ],
    })
    expect(await openCodes(tenant)).toEqual(['review-screening-score'])
  })

  test('an item that is missing: no score, and a Task that says what is missing', async () => {
    const tenant = await tenantWithPatient()
    const { '44252-5': _, ...others } = phq9(12)
    await answer(tenant, response('phq-9', others))
    expect(await observed(tenant, '44261-6')).toBeUndefined()
    expect(await observed(tenant, '44249-1')).toMatchObject({ status: 'preliminary' })
    const [task] = await tasks(tenant)
    expect(await openCodes(tenant)).toEqual(['complete-screening'])
    expect(task!.input).toEqual([
      {
        type: { coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/screening-input', code: 'missing-item' }] },
        valueCodeableConcept: { coding: [{ system: LOINC, code: '44252-5' }] },
      },
    ])
  })
})

describe('what follows from which answers', () => {
  test.each<[string, string, Given, string[]]>([
    ['PHQ-9 of 9', 'phq-9', phq9(9), []],
    ['PHQ-9 of 10', 'phq-9', phq9(10), ['depression-follow-up']],
    ['PHQ-9 of 19', 'phq-9', phq9(19), ['depression-follow-up']],
    ['PHQ-9 of 20', 'phq-9', phq9(20), ['behavioral-health-referral', 'depression-follow-up']],
    ['item 9 of 1', 'phq-9', phq9(0, { '44260-8': 'LA6569-3' }), ['suicide-risk-assessment']],
    [
      'item 9 alone, all else missing',
      'phq-9',
      { '44260-8': 'LA6571-9' },
      ['complete-screening', 'suicide-risk-assessment'],
    ],
    ['PHQ-2 of 2', 'phq-2', adding(PHQ9.slice(0, 2), 2), []],
    ['PHQ-2 of 3', 'phq-2', adding(PHQ9.slice(0, 2), 3), ['depression-follow-up']],
    ['GAD-7 of 9', 'gad-7', adding(GAD7, 9), []],
    ['GAD-7 of 10', 'gad-7', adding(GAD7, 10), ['anxiety-follow-up']],
    ['GAD-7 of 14', 'gad-7', adding(GAD7, 14), ['anxiety-follow-up']],
    ['GAD-7 of 15', 'gad-7', adding(GAD7, 15), ['anxiety-follow-up', 'behavioral-health-referral']],
    ['AUDIT-C of 3, a woman', 'audit-c', AUDIT_3, ['alcohol-brief-intervention']],
    ['C-SSRS, all no', 'c-ssrs-screener', { '93246-7': NO, '93247-5': NO, '93267-3': NO }, []],
    ...['93246-7', '93247-5', '93248-3', '93267-3'].map((item): [string, string, Given, string[]] => [
      `C-SSRS, yes to ${item}`,
      'c-ssrs-screener',
      {
        '93246-7': NO,
        '93247-5': NO,
        '93248-3': NO,
        '93249-1': NO,
        '93250-9': NO,
        '93267-3': NO,
        '93269-9': NO,
        [item]: YES,
      },
      ['suicide-risk-assessment'],
    ]),
    ...['93249-1', '93250-9', '93269-9'].map((item): [string, string, Given, string[]] => [
      `C-SSRS, yes to ${item}`,
      'c-ssrs-screener',
      {
        '93246-7': NO,
        '93247-5': YES,
        '93248-3': NO,
        '93249-1': NO,
        '93250-9': NO,
        '93267-3': YES,
        '93269-9': NO,
        [item]: YES,
      },
      ['imminent-risk-protocol', 'suicide-risk-assessment'],
    ]),
    ['Hunger Vital Sign, never', 'hunger-vital-sign', { '88122-7': 'LA28398-8', '88123-5': 'LA28398-8' }, []],
    [
      'Hunger Vital Sign, sometimes',
      'hunger-vital-sign',
      { '88122-7': 'LA28398-8', '88123-5': 'LA6729-3' },
      ['confirm-social-need'],
    ],
    ['PRAPARE, housing', 'prapare', { '71802-3': 'LA30190-5' }, ['confirm-social-need']],
    [
      'PRAPARE, worried about housing too',
      'prapare',
      { '71802-3': 'LA30190-5', '93033-9': YES },
      ['confirm-social-need'],
    ],
    ['PRAPARE, employment', 'prapare', { '67875-5': 'LA17956-6' }, ['confirm-social-need']],
    ['PRAPARE, no employment wanted', 'prapare', { '67875-5': 'LA30137-6' }, []],
    [
      'PRAPARE, two needs at once',
      'prapare',
      { '93031-3': ['LA30125-1', 'LA30124-4'] },
      ['confirm-social-need', 'confirm-social-need'],
    ],
    ['PRAPARE, transport', 'prapare', { '93030-5': 'LA30134-3' }, ['confirm-social-need']],
    ['PRAPARE, uninsured', 'prapare', { '76437-3': 'LA30194-7' }, ['confirm-social-need']],
    ['PRAPARE, few contacts', 'prapare', { '93029-7': 'LA30130-1' }, ['confirm-social-need']],
    ['PRAPARE, stress', 'prapare', { '93038-8': 'LA13902-4' }, ['confirm-social-need']],
    ['PRAPARE, afraid of a partner', 'prapare', { '76501-6': YES }, ['private-safety-follow-up']],
    ['PRAPARE, not safe at home', 'prapare', { '93026-3': NO }, ['private-safety-follow-up']],
    ['PRAPARE, declined', 'prapare', { '71802-3': 'LA30122-8', '76501-6': 'LA30122-8' }, []],
    ['AHC, all well', 'ahc-hrsn', { '71802-3': 'LA31993-1', '96778-6': 'LA9-3', '96779-4': NO, ...HITS_10 }, []],
    ['AHC, worried about housing', 'ahc-hrsn', { '71802-3': 'LA31994-9', ...HITS_10 }, ['confirm-social-need']],
    ['AHC, mold', 'ahc-hrsn', { '96778-6': ['LA28580-1'], ...HITS_10 }, ['confirm-social-need']],
    ['AHC, shut off', 'ahc-hrsn', { '96779-4': 'LA32002-0', ...HITS_10 }, ['confirm-social-need']],
    ['AHC, no transport', 'ahc-hrsn', { '93030-5': YES, ...HITS_10 }, ['confirm-social-need']],
    ['AHC, safety of 11', 'ahc-hrsn', { ...HITS_10, '95615-1': 'LA10082-8' }, ['private-safety-follow-up']],
  ])('%s', async (_name, questionnaire, given, expected) => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response(questionnaire, given))
    expect(await openCodes(tenant)).toEqual(expected)
  })

  test.each([
    ['a man', { gender: 'male' }, AUDIT_3, []],
    ['a man', { gender: 'male' }, AUDIT_4, ['alcohol-brief-intervention']],
    ['somebody whose sex is not known', { gender: 'unknown' }, AUDIT_3, ['alcohol-brief-intervention']],
  ])('AUDIT-C of %s %j', async (_name, patient, given, expected) => {
    const tenant = await tenantWithPatient(patient)
    await answer(tenant, response('audit-c', given))
    expect(await openCodes(tenant)).toEqual(expected)
  })

  test.each([
    ['depression-follow-up', 'phq-9', phq9(10), '2026-12-20'],
    ['anxiety-follow-up', 'gad-7', adding(GAD7, 10), '2026-12-20'],
    ['alcohol-brief-intervention', 'audit-c', AUDIT_4, '2026-12-20'],
    // Thanksgiving is no business day.
    ['confirm-social-need', 'prapare', { '67875-5': 'LA17956-6' }, '2026-11-30'],
    ['private-safety-follow-up', 'prapare', { '76501-6': YES }, '2026-11-20'],
  ])('%s is due by its rule', async (code, questionnaire, given: Given, due) => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response(questionnaire, given))
    expect((await tasks(tenant, code)).map(dueDay)).toEqual([due])
  })

  test('referrals are due in 7 and 14 days, and propose what people may activate', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(20)), response('gad-7', adding(GAD7, 15), { id: 'anxiety' }))
    const referrals = await tasks(tenant, 'behavioral-health-referral')
    expect(referrals.map(dueDay).sort()).toEqual(['2026-11-27', '2026-12-04'])
    for (const { focus, priority } of referrals) {
      expect(priority).toBe('urgent')
      expect(await tenant.read<ServiceRequest>(focus!.reference!)).toMatchObject({
        status: 'draft',
        intent: 'proposal',
        priority: 'urgent',
      })
    }
  })

  test('the window of a repeated PHQ-9 is 120 to 240 days, and it is asked of patients with a depression only', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(14)))
    expect(await tasks(tenant, 'phq9-repeat')).toEqual([])
    await answer(tenant, {
      resourceType: 'Condition',
      id: 'depression',
      subject: { reference: 'Patient/amelia' },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'F32.1' }] },
    })
    const [repeat] = await tasks(tenant, 'phq9-repeat')
    expect(repeat!.restriction!.period).toMatchObject({
      start: '2027-03-20T00:00:00-05:00',
      end: '2027-07-18T23:59:59-05:00',
    })
  })

  test('high risk goes up every 15 minutes, to the supervisors and then to the managers', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('c-ssrs-screener', { '93250-9': YES }, { authored: tenant.now }))
    const escalations = async () =>
      (await tasks(tenant, 'escalation')).flatMap(({ owner, partOf }) =>
        protocols.some(({ id }) => partOf![0]!.reference === `Task/${id}`) ? [owner!.reference] : [],
      )
    const protocols = await tasks(tenant, 'imminent-risk-protocol')
    await tenant.advanceTo('2026-11-20T16:14:00.000Z')
    expect(await escalations()).toEqual([])
    await tenant.advanceTo('2026-11-20T16:15:00.000Z')
    expect(await escalations()).toEqual(['CareTeam/care-supervisor-pool'])
    await tenant.advanceTo('2026-11-20T16:30:00.000Z')
    expect(new Set(await escalations())).toEqual(
      new Set(['CareTeam/care-supervisor-pool', 'CareTeam/care-manager-pool']),
    )
  })

  test('what is answered of violence is labelled, and nobody is reminded of it outside', async () => {
    const tenant = await tenantWithPatient()
    await tenant.put({
      resourceType: 'CareTeam',
      id: 'family',
      status: 'active',
      subject: { reference: 'Patient/amelia' },
      participant: [{ member: { reference: 'RelatedPerson/partner' } }],
    })
    await answer(tenant, response('prapare', { '76501-6': YES }))
    const labels = [{ code: 'R' }, { code: 'SDV' }]
    const [task] = await tasks(tenant, 'private-safety-follow-up')
    expect(task!.meta!.security).toMatchObject(labels)
    expect((await observed(tenant, '76501-6'))!.meta!.security).toMatchObject(labels)
    const request = await tenant.read<ServiceRequest>(task!.focus!.reference!)
    expect(request).toMatchObject({
      status: 'draft',
      orderDetail: [{ coding: [{ code: 'contacting-subject-prohibited' }] }],
    })
    expect(request.meta!.security).toMatchObject(labels)
    await tenant.advanceTo('2026-11-24T16:00:00.000Z')
    expect(await tenant.all('CommunicationRequest')).toEqual([])
    expect((await tasks(tenant, 'escalation')).length).toBeGreaterThan(0)
  })

  test('a result that an EHR has observed counts like one of ours, in a component too', async () => {
    const tenant = await tenantWithPatient()
    const base = {
      resourceType: 'Observation',
      status: 'final',
      subject: { reference: 'Patient/amelia' },
      effectiveDateTime: '2026-11-20',
    }
    const code = (value: string) => ({ coding: [{ system: LOINC, code: value }] })
    await answer(
      tenant,
      { ...base, id: 'total', code: code('44261-6'), valueQuantity: { value: 11, unit: '{score}' } },
      { ...base, id: 'item', code: code('44260-8'), valueCodeableConcept: code('LA6569-3') },
      {
        ...base,
        id: 'panel',
        code: code('93025-5'),
        component: [{ code: code('93026-3'), valueCodeableConcept: code(NO) }],
      },
    )
    expect(await openCodes(tenant)).toEqual([
      'depression-follow-up',
      'private-safety-follow-up',
      'suicide-risk-assessment',
    ])
  })

  test('what was found longer ago than the tenant looks back makes no work, nor does anything about the dead', async () => {
    const old = await tenantWithPatient()
    await answer(old, response('phq-9', phq9(12), { authored: '2025-11-19T09:00:00-06:00' }))
    expect(await tasks(old)).toEqual([])
    const dead = await tenantWithPatient({ deceasedBoolean: true })
    await answer(dead, response('phq-9', phq9(12)))
    expect(await tasks(dead)).toEqual([])
  })
})

describe('the Observations of a response', () => {
  test('are its items, its total and the panel of all of them', async () => {
    const tenant = await tenantWithPatient()
    await answer(
      tenant,
      response('phq-9', phq9(15, { '69722-7': 'LA6573-5' }), { encounter: { reference: 'Encounter/visit' } }),
    )
    const all = await tenant.all<Observation>('Observation')
    expect(all).toHaveLength(12)
    for (const each of all)
      expect(each).toMatchObject({
        status: 'final',
        category: [{ coding: [{ code: 'survey' }] }],
        subject: { reference: 'Patient/amelia' },
        encounter: { reference: 'Encounter/visit' },
        derivedFrom: [{ reference: 'QuestionnaireResponse/answers' }],
      })
    const panel = await observed(tenant, '44249-1')
    const others = all.filter(({ id }) => id !== panel!.id).map(({ id }) => `Observation/${id}`)
    expect(panel!.hasMember!.map(({ reference }) => reference).sort()).toEqual(others.sort())
    expect((await observed(tenant, '44261-6'))!.interpretation).toEqual([
      { coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/screening-band', code: 'moderately-severe' }] },
      {
        coding: [
          { system: 'https://careloop.dev/fhir/CodeSystem/screening-band', code: 'positive' },
          { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'POS' },
        ],
      },
    ])
    const [made] = (await tenant.all<Provenance>('Provenance')).filter(({ target }) => target.length === 12)
    expect(made).toMatchObject({
      policy: ['https://careloop.dev/fhir/Questionnaire/phq-9|1.0.0'],
      entity: [{ what: { reference: 'QuestionnaireResponse/answers/_history/1' } }],
    })
  })

  test('follow an amended response under the same ids, and only those that changed', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12)))
    const total = await observed(tenant, '44261-6')
    await answer(tenant, response('phq-9', phq9(13), { status: 'amended' }))
    expect(await observed(tenant, '44261-6')).toMatchObject({
      id: total!.id,
      status: 'amended',
      valueQuantity: { value: 13 },
    })
    const versions = (await tenant.all<Observation>('Observation')).map(({ meta }) => meta!.versionId).sort()
    expect(versions).toEqual([...Array(9).fill('1'), '2', '2'])
  })

  test('are entered in error when the response is, and count again when it does', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(21)))
    const statuses = async () => new Set((await tenant.all<Observation>('Observation')).map(({ status }) => status))
    await answer(tenant, response('phq-9', phq9(21), { status: 'entered-in-error' }))
    expect(await statuses()).toEqual(new Set(['entered-in-error']))
    expect(await openCodes(tenant)).toEqual([])
    expect((await tenant.all<ServiceRequest>('ServiceRequest')).map(({ status }) => status)).toEqual(['revoked'])
    expect((await tenant.all<Flag>('Flag')).map(({ status }) => status)).toEqual([])
    await answer(tenant, response('phq-9', phq9(21)))
    expect(await statuses()).toEqual(new Set(['amended']))
    expect(await openCodes(tenant)).toEqual(['behavioral-health-referral', 'depression-follow-up'])
    expect((await tenant.all<ServiceRequest>('ServiceRequest')).map(({ status }) => status)).toEqual(['draft'])
  })

  test('stay as people have left them', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12)))
    const { id } = (await observed(tenant, '44261-6'))!
    await tenant.change<Observation>(`Observation/${id}`, { status: 'entered-in-error' })
    await tenant.settle()
    await answer(tenant, response('phq-9', phq9(13), { status: 'amended' }))
    expect(await tenant.read(`Observation/${id}`)).toMatchObject({
      status: 'entered-in-error',
      valueQuantity: { value: 12 },
    })
  })

  test('that somebody has deleted stay away', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12)))
    const { id } = (await observed(tenant, '44261-6'))!
    await tenant.delete(`Observation/${id}`)
    await answer(tenant, response('phq-9', phq9(13), { status: 'amended' }))
    expect(await observed(tenant, '44261-6')).toBeUndefined()
  })

  test('are not there while the response is not completed', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12), { status: 'in-progress' }))
    expect(await tenant.all('Observation')).toEqual([])
  })

  test('carry a flag when an Observation of others says otherwise, as long as it does', async () => {
    const tenant = await tenantWithPatient()
    const theirs = {
      resourceType: 'Observation',
      id: 'theirs',
      status: 'final',
      code: { coding: [{ system: LOINC, code: '70274-6' }] },
      subject: { reference: 'Patient/amelia' },
      derivedFrom: [{ reference: 'QuestionnaireResponse/answers' }],
      valueQuantity: { value: 6 },
    }
    await answer(tenant, response('gad-7', adding(GAD7, 8)))
    const ours = async () =>
      (await tenant.all<Observation>('Observation')).find(
        ({ id, code }) => id !== 'theirs' && code.coding![0]!.code === '70274-6',
      )!
    await answer(tenant, theirs)
    expect((await ours()).extension).toHaveLength(1)
    expect(await openCodes(tenant)).toEqual(['review-screening-score'])
    await answer(tenant, { ...theirs, valueQuantity: { value: 8 } })
    expect((await ours()).extension).toBeUndefined()
    expect(await openCodes(tenant)).toEqual([])
    expect(await tenant.read('Observation/theirs')).toMatchObject({ valueQuantity: { value: 8 } })
  })
})

describe('a Task', () => {
  test('to complete a screening is done when the answers come', async () => {
    const tenant = await tenantWithPatient()
    const { '44252-5': _, ...others } = phq9(9)
    await answer(tenant, response('phq-9', others))
    await answer(tenant, response('phq-9', phq9(9), { status: 'amended' }))
    const [task] = await tasks(tenant, 'complete-screening')
    expect(task).toMatchObject({
      status: 'completed',
      output: [{ valueReference: { reference: expect.stringMatching(/^Observation\//) } }],
    })
    expect(await observed(tenant, '44249-1')).toMatchObject({ status: 'final' })
  })

  test('of one finding is there once: another positive is a further input, and a new one comes only after it is closed', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12)))
    await answer(tenant, response('phq-9', phq9(14), { id: 'again' }))
    const [task, ...none] = await tasks(tenant, 'depression-follow-up')
    expect(none).toEqual([])
    expect(task!.input).toHaveLength(2)
    await tenant.change<Task>(`Task/${task!.id}`, { status: 'completed' })
    await tenant.settle()
    expect(await openCodes(tenant)).toEqual([])
    await answer(tenant, response('phq-9', phq9(11), { id: 'third' }))
    expect(await openCodes(tenant)).toEqual(['depression-follow-up'])
    expect(await tasks(tenant, 'depression-follow-up')).toHaveLength(2)
  })

  test('that somebody has deleted does not come back for the same finding', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(12)))
    const [task] = await tasks(tenant)
    await tenant.delete(`Task/${task!.id}`)
    await answer(tenant, response('phq-9', phq9(12), { status: 'amended' }))
    expect(await tasks(tenant)).toEqual([])
  })

  test('that nobody has touched is withdrawn when the answers are amended; one that is begun is not', async () => {
    for (const [change, expected] of [
      [{}, 'cancelled'],
      [{ status: 'in-progress' }, 'in-progress'],
      [{ note: [{ text: 'called' }] }, 'ready'],
    ] as [Partial<Task>, string][]) {
      const tenant = await tenantWithPatient()
      await answer(tenant, response('phq-9', phq9(12)))
      const [task] = await tasks(tenant)
      await tenant.change<Task>(`Task/${task!.id}`, change)
      await tenant.settle()
      await answer(tenant, response('phq-9', phq9(2), { status: 'amended' }))
      expect((await tasks(tenant))[0]!.status).toBe(expected)
    }
  })

  test('about a risk of suicide outlasts an amended answer, and is withdrawn with one that was entered in error', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(0, { '44260-8': 'LA6569-3' })))
    await answer(tenant, response('phq-9', phq9(0), { status: 'amended' }))
    expect(await openCodes(tenant)).toEqual(['suicide-risk-assessment'])
    await answer(tenant, response('phq-9', phq9(0), { status: 'entered-in-error' }))
    expect(await openCodes(tenant)).toEqual([])
    expect((await tenant.all<Flag>('Flag')).map(({ status }) => status)).toEqual(['entered-in-error'])
  })

  test('goes when the response turns out to be about somebody else, who gets one', async () => {
    const tenant = await tenantWithPatient()
    await tenant.put({ resourceType: 'Patient', id: 'other', gender: 'male' })
    await answer(tenant, response('phq-9', phq9(12)))
    await answer(tenant, response('phq-9', phq9(12), { status: 'amended', subject: { reference: 'Patient/other' } }))
    const open = (await tasks(tenant)).filter(({ status }) => status === 'ready')
    expect(open.map(({ for: whom }) => whom!.reference)).toEqual(['Patient/other'])
  })
})

describe('what closes a Task by itself', () => {
  const two = (others: object = {}) => response('phq-2', adding(PHQ9.slice(0, 2), 4), { id: 'two', ...others })

  test('a negative PHQ-9 on the day of a positive PHQ-2', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, two())
    await answer(tenant, response('phq-9', phq9(9), { authored: '2026-11-20T15:00:00-06:00' }))
    const [task] = await tasks(tenant, 'depression-follow-up')
    expect(task).toMatchObject({ status: 'completed', executionPeriod: { end: '2026-11-20T15:00:00-06:00' } })
  })

  test('it may have been answered before the PHQ-2 is known', async () => {
    const tenant = await tenantWithPatient()
    await answer(tenant, response('phq-9', phq9(9)))
    await answer(tenant, two())
    expect(await tasks(tenant)).toEqual([])
  })

  test.each([
    ['one of the next day', phq9(9), '2026-11-21T09:00:00-06:00'],
    ['one that is positive', phq9(10), '2026-11-20T15:00:00-06:00'],
  ])('%s does not', async (_name, given, authored) => {
    const tenant = await tenantWithPatient({}, '2026-11-21T16:00:00.000Z')
    await answer(tenant, two())
    await answer(tenant, response('phq-9', given, { authored }))
    expect(await openCodes(tenant)).toEqual(['depression-follow-up'])
  })

  const visit = (others: Partial<Encounter>): Encounter => ({
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/amelia' },
    period: { start: '2026-11-24T10:00:00-06:00', end: '2026-11-24T10:30:00-06:00' },
    ...others,
  })

  test('a visit because of it; another visit does not', async () => {
    const tenant = await tenantWithPatient({}, '2026-11-24T20:00:00.000Z')
    await answer(tenant, response('phq-9', phq9(12)))
    const total = await observed(tenant, '44261-6')
    await answer(tenant, visit({ id: 'skin', reasonCode: [{ text: 'rash' }] }))
    const before = visit({ period: { start: '2026-11-20T08:00:00-06:00' } })
    await answer(tenant, { ...before, id: 'before', reasonReference: [{ reference: `Observation/${total!.id}` }] })
    expect(await openCodes(tenant)).toEqual(['depression-follow-up'])
    await answer(tenant, visit({ reasonReference: [{ reference: `Observation/${total!.id}` }] }))
    const [task] = await tasks(tenant, 'depression-follow-up')
    expect(task).toMatchObject({ status: 'completed', output: [{ valueReference: { reference: 'Encounter/visit' } }] })
  })

  test('a PHQ-9 in the window of the one to be repeated, not one before it', async () => {
    const tenant = await tenantWithPatient()
    await tenant.put({
      resourceType: 'Condition',
      id: 'depression',
      subject: { reference: 'Patient/amelia' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '370143000' }] },
    })
    await answer(tenant, response('phq-9', phq9(14)))
    tenant.now = '2027-04-01T16:00:00.000Z'
    await answer(tenant, response('phq-9', phq9(6), { id: 'early', authored: '2027-03-19T09:00:00-05:00' }))
    expect(await tasks(tenant, 'phq9-repeat')).toMatchObject([{ status: 'ready' }])
    await answer(tenant, response('phq-9', phq9(6), { id: 'intime', authored: '2027-03-20T09:00:00-05:00' }))
    expect(await tasks(tenant, 'phq9-repeat')).toMatchObject([{ status: 'completed' }])
  })
})

test('events and logs say nothing of the answers', async () => {
  const tenant = await tenantWithPatient()
  await answer(
    tenant,
    response('phq-9', phq9(20, { '44260-8': 'LA6571-9' })),
    response('prapare', { '76501-6': YES }, { id: 'p' }),
  )
  const said = JSON.stringify(tenant.archive) + tenant.log.join()
  expect(said).not.toMatch(/LA\d|44260-8|76501-6|44261-6|suicid|depress|safety|partner|afraid/i)
})
