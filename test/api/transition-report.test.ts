import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CarePlan, MeasureReport, OperationOutcome, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { packagedDefinitions } from '../../lib/pathways/packaged-definitions.ts'
import { STEP_STATES } from '../../lib/pathways/report/step-state.ts'
import { declarations } from '../../lib/resources/index.ts'
import { contact, encounter, patient, reconciliation, visit } from '../flows/programmes/scene.ts'
import { SimulatedTenant } from '../flows/simulated-tenant.ts'
import { type TestAnswer, type TestApi, testApi } from '../support/api.ts'

const GOLDEN = join(import.meta.dirname, 'transition-report.golden.csv')

const apiOf = (tenant: SimulatedTenant): TestApi =>
  testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })

/** The same resource, of another patient. */
const of = (who: string, resource: object): object => {
  const own = JSON.parse(JSON.stringify(resource).replaceAll('Patient/amelia', `Patient/${who}`)) as Resource
  return { ...own, id: own.resourceType === 'Patient' ? who : `${who}-${own.id}` }
}
const facility = (id: string) => ({ serviceProvider: { reference: `Organization/${id}` } })
const stay = (end: string, others: object = facility('north')) =>
  encounter('stay', 'IMP', '2026-11-10T09:40:00-06:00', end, others)

/** Discharged on 13 November 2026, a Friday: a contact is due on Tuesday the 17th. */
const FRIDAY = '2026-11-13T14:00:00-06:00'

const isEngagement = ({ code }: Task): boolean => code!.coding![0]!.code === 'trc-engagement'

const story = async (): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant('2026-11-13T20:05:00.000Z')
  const told = async (now: string, ...resources: object[]) => {
    await tenant.advanceTo(now)
    for (const resource of resources) await tenant.put(resource)
    await tenant.settle()
  }
  const people = ['attempted', 'forgotten', 'late', 'prompt', 'returned']
  await told(
    '2026-11-13T20:06:00.000Z',
    ...people.map((who) => of(who, patient('1951-03-14', { name: [{ text: 'N' }] }))),
  )
  await told(
    '2026-11-13T20:07:00.000Z',
    ...people.map((who) => of(who, stay(FRIDAY, facility(who === 'late' ? 'south' : 'north')))),
  )
  await told(
    '2026-11-16T17:00:00.000Z',
    of('prompt', contact('call', '2026-11-16T10:00:00-06:00', 'reached')),
    of('prompt', visit('visit', '2026-11-16T10:00:00-06:00')),
    of('prompt', reconciliation('list', '2026-11-16T10:00:00-06:00')),
    of('attempted', contact('call-1', '2026-11-16T10:00:00-06:00', 'no-answer')),
    of('attempted', contact('call-2', '2026-11-16T15:00:00-06:00', 'no-answer')),
  )
  await told('2026-11-20T17:00:00.000Z', of('late', contact('call', '2026-11-20T10:00:00-06:00', 'reached')))
  await told('2026-11-21T17:00:00.000Z', of('returned', encounter('again', 'IMP', '2026-11-21T09:40:00-06:00')))
  // What a person says was done on the day of the discharge does not count for a window that begins the day after.
  const early = (await tenant.all<Task>('Task', 'patient=Patient/attempted')).find(isEngagement)!
  await told('2026-11-22T17:00:00.000Z', { ...early, status: 'completed', executionPeriod: { end: '2026-11-13' } })
  // Sooner was agreed on than the programme asks for: it is overdue, and can still count.
  const sooner = (await tenant.all<Task>('Task', 'patient=Patient/forgotten')).find(isEngagement)!
  const period = { ...sooner.restriction!.period, end: '2026-11-25T23:59:59-06:00' }
  await told('2026-11-23T17:00:00.000Z', { ...sooner, restriction: { period } })
  await tenant.advanceTo('2026-11-29T18:00:00.000Z')
  return tenant
}

let tenant: SimulatedTenant
let api: TestApi
beforeAll(async () => {
  tenant = await story()
  api = apiOf(tenant)
})

const csv = (text: string): Record<string, string>[] => {
  const [header, ...lines] = text.trimEnd().split('\r\n')
  const names = header!.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, n) => [names[n]!, cell])))
}
const lines = async (query: string): Promise<Record<string, string>[]> => {
  const { status, text } = await api.get(`/$transition-report?${query}`, { Accept: 'text/csv' })
  expect(status).toBe(200)
  return csv(text)
}
const report = async (query: string): Promise<MeasureReport> => {
  const { status, body } = await api.get<MeasureReport>(`/$transition-report?${query}`)
  expect(status).toBe(200)
  return body
}

describe('the report of a story', () => {
  test('is the golden one', async () => {
    const { text, headers } = await api.get('/$transition-report?period=2026-11&programme=tcm,trc&_format=csv')
    expect(headers['content-type']).toMatch(/^text\/csv/)
    expect(text.replaceAll('\r\n', '\n')).toBe(readFileSync(GOLDEN, 'utf8'))
  })

  test('has every state', async () => {
    const states = new Set((await lines('period=2026-11')).map(({ state }) => state))
    expect([...states].sort()).toEqual([...STEP_STATES].sort())
  })

  test('says what became of each', async () => {
    const found = await lines('period=2026-11&programme=tcm')
    const stateOf = (who: string, step: string) =>
      found.find((line) => line.encounter === `Encounter/${who}-stay` && line.step === step)
    expect(stateOf('prompt', 'tcm-interactive-contact')).toMatchObject({
      state: 'met',
      evidence: 'Communication/prompt-call',
      evidence_date: '2026-11-16T10:00:00-06:00',
      facility: 'Organization/north',
      owner: 'CareTeam/care-management-pool',
      window_start: FRIDAY,
      due: '2026-11-17T23:59:59-06:00',
      compliance_end: '2026-11-17T23:59:59-06:00',
    })
    expect(stateOf('attempted', 'tcm-interactive-contact')).toMatchObject({
      state: 'attempts-met',
      evidence: 'Communication/attempted-call-1 Communication/attempted-call-2',
    })
    expect(stateOf('late', 'tcm-interactive-contact')).toMatchObject({ state: 'met-late' })
    expect(stateOf('forgotten', 'tcm-interactive-contact')).toMatchObject({ state: 'window-missed', evidence: '' })
    expect(stateOf('forgotten', 'tcm-period')).toMatchObject({ state: 'open' })
    expect(stateOf('returned', 'tcm-interactive-contact')).toMatchObject({ state: 'withdrawn', reason: 'readmitted' })
    expect(stateOf('prompt', 'tcm-visit-7d')).toMatchObject({ state: 'not-applicable', task: '', due: '' })
  })

  test('is a valid MeasureReport whose counts are those of its lists', async () => {
    const body = await report('period=2026-11')
    expect(await declarations.get('MeasureReport')!.check(body as unknown as Resource)).toEqual([])
    expect(body).toMatchObject({ type: 'subject-list', period: { start: '2026-11-01', end: '2026-11-30' } })
    const all = await lines('period=2026-11')
    const lists = new Map<string, unknown>(body.contained!.map((list) => [`#${list.id}`, list]))
    for (const { code, population, stratifier } of body.group!) {
      const own = all.filter(({ programme }) => programme === code!.coding![0]!.code)
      const counted = new Map(population!.map((each) => [each.code!.coding![0]!.code!, each] as const))
      for (const state of STEP_STATES) {
        const { count, subjectResults } = counted.get(state)!
        expect(count).toBe(own.filter((line) => line.state === state).length)
        const list = subjectResults && lists.get(subjectResults.reference!)
        expect((list as { entry?: unknown[] } | undefined)?.entry?.length ?? 0).toBe(count)
      }
      for (const { stratum } of stratifier!) {
        const total = stratum!.flatMap((each) => each.population!.map(({ count }) => count!)).reduce((a, b) => a + b, 0)
        expect(total).toBe(own.length)
      }
    }
  })

  test('names nobody', async () => {
    const { text } = await api.get('/$transition-report?period=2026-11')
    expect(text).not.toMatch(/"(?:name|display|family|given)"/)
  })
})

describe('a report', () => {
  test('is of the transitions that began in its period, by days of the tenant', async () => {
    const encounters = async (query: string) =>
      [...new Set((await lines(query)).map((line) => line.encounter!.replace('Encounter/', '')))].sort()
    const all = ['attempted-stay', 'forgotten-stay', 'late-stay', 'prompt-stay', 'returned-stay']
    expect(await encounters('start=2026-11-13&end=2026-11-13&programme=tcm')).toEqual(all)
    expect(await encounters('start=2026-11-14&end=2026-11-30&programme=tcm')).toEqual([])
    expect(await encounters('period=2026-10')).toEqual([])
    const codes = (await lines('start=2026-11-13&end=2026-11-13')).map(({ code }) => code)
    expect(codes).toContain('trc-engagement')
    expect(codes).not.toContain('trc-admit-notice')
    // Admissions are transitions too.
    expect(await encounters('start=2026-11-10&end=2026-11-12')).toEqual(all)
    expect(await encounters('start=2026-11-21&end=2026-11-21')).toEqual(['returned-again'])
  })

  test('can be of a facility, an owner, a programme', async () => {
    const south = await lines('period=2026-11&facility=Organization/south')
    expect(new Set(south.map(({ encounter }) => encounter))).toEqual(new Set(['Encounter/late-stay']))
    const owned = await lines('period=2026-11&owner=CareTeam/care-management-pool')
    expect(new Set(owned.map(({ owner }) => owner))).toEqual(new Set(['CareTeam/care-management-pool']))
    expect(new Set((await lines('period=2026-11&programme=trc')).map(({ programme }) => programme))).toEqual(
      new Set(['trc']),
    )
  })

  test('comes in pages that are together the whole, each encounter once', async () => {
    const whole = await lines('period=2026-11')
    for (const count of [1, 2, 4]) {
      const found: Record<string, string>[] = []
      let url: string | undefined = `/$transition-report?period=2026-11&_count=${count}`
      let pages = 0
      while (url) {
        const answer: TestAnswer<unknown> = await api.get(url, { Accept: 'text/csv' })
        expect(answer.status).toBe(200)
        const page = csv(answer.text)
        expect(new Set(page.map(({ encounter }) => encounter)).size).toBeLessThanOrEqual(count)
        found.push(...page)
        url = /<https:\/\/api\.test\/fhir(.*)>; rel="next"/.exec(answer.headers.link ?? '')?.[1]
        pages += 1
      }
      expect(pages).toBeGreaterThan(1)
      expect(found).toEqual(whole)
    }
  })

  test('tells of the Tasks of a plan whose definition is no longer kept', async () => {
    const kept = new SimulatedTenant('2026-11-13T20:05:00.000Z')
    const trc = packagedDefinitions.find(({ id }) => id === 'trc')!
    await kept.put({ ...trc, version: '1.5.0' })
    for (const resource of [patient(), stay(FRIDAY)]) await kept.put(resource)
    await kept.settle()
    const plans = await kept.all<CarePlan>('CarePlan', `instantiates-canonical=${trc.url}`)
    expect(plans).toHaveLength(1)
    const { instantiatesUri: _, ...lost } = plans[0]!
    await kept.put(lost)
    const { text } = await apiOf(kept).get('/$transition-report?period=2026-11&programme=trc&_format=csv')
    const found = csv(text).filter(({ rule }) => rule === `${trc.url}|1.5.0`)
    expect(found.map(({ code, step, state }) => [code, step, state]).sort()).toEqual([
      ['trc-discharge-info', '', 'open'],
      ['trc-engagement', '', 'open'],
      ['trc-med-rec', '', 'open'],
    ])
  })

  test('in JSON says where the next page is', async () => {
    const { headers, body } = await api.get<MeasureReport>('/$transition-report?period=2026-11&_count=1')
    expect(body.extension).toMatchObject([{ url: expect.stringMatching(/next-page$/) }])
    expect(headers.link).toBe(`<${body.extension![0]!.valueUrl}>; rel="next"`)
  })

  test('reads no more for all that there is besides', async () => {
    const reads = async (): Promise<number> => {
      let count = 0
      const table = Object.create(tenant.table, {
        query: {
          value: (...args: Parameters<typeof tenant.table.query>) => {
            count += 1
            return tenant.table.query(...args)
          },
        },
        getMany: {
          value: (...args: Parameters<typeof tenant.table.getMany>) => {
            count += args[0].length
            return tenant.table.getMany(...args)
          },
        },
        scan: {
          value: () => {
            throw new Error('a report scans nothing')
          },
        },
      }) as typeof tenant.table
      const counted = testApi({ table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })
      expect((await counted.get('/$transition-report?start=2026-11-21&end=2026-11-21')).status).toBe(200)
      return count
    }
    const before = await reads()
    for (let n = 0; n < 10; n += 1) {
      await tenant.put(of(`other-${n}`, patient()))
      await tenant.put(
        of(`other-${n}`, encounter('stay', 'IMP', '2026-09-10T09:40:00-06:00', '2026-09-13T09:40:00-06:00')),
      )
    }
    await tenant.settle()
    expect(await reads()).toBe(before)
  })

  test.each([
    ['without a period', '', /period such as/],
    ['with a period and a start', 'period=2026-11&start=2026-11-01', /period such as/],
    ['with a start alone', 'start=2026-11-01', /period such as/],
    ['with an end before its start', 'start=2026-11-02&end=2026-11-01', /end must not/],
    ['with a period that is none', 'period=november', /period must be/],
    ['of a programme that there is not', 'period=2026-11&programme=mystery', /one or more of .*tcm/],
    ['with a parameter that there is not', 'period=2026-11&colour=red', /not colour/],
    ["with another search's cursor", 'period=2026-11&_cursor=abc', /next page/],
  ])('%s is refused', async (_name, query, text) => {
    const { status, body } = await api.get<OperationOutcome>(`/$transition-report?${query}`)
    expect(status).toBe(400)
    expect(body.issue[0]!.diagnostics).toMatch(text)
  })
})

describe('what is written into a report by others', () => {
  test('does not become a formula', async () => {
    const { cellOf } = await import('../../lib/pathways/report/line-list-csv.ts')
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cell = cellOf(text)
        const unquoted = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect(unquoted).not.toMatch(/^[=+\-@\t\r]/)
        expect([text, `'${text}`]).toContain(unquoted)
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/)
      }),
    )
    expect(cellOf('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`)
  })
})
