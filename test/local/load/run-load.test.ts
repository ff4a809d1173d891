import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { discover } from '../../../local/load/discover.ts'
import { createFhirServer } from '../../../local/load/fhir-server.ts'
import { LoadState } from '../../../local/load/load-state.ts'
import { createProgressLines } from '../../../local/load/progress.ts'
import { runLoad } from '../../../local/load/run-load.ts'
import { isComplete, isCompleteButMissing, reportOf, summaryOf } from '../../../local/load/summary.ts'
import { type FakeFhirServer, type FakeFhirServerOptions, startFakeFhirServer } from './fake-fhir-server.ts'

let folder: string
let states: string
let fake: FakeFhirServer
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'careloop-load-'))
  states = mkdtempSync(join(tmpdir(), 'careloop-load-state-'))
})
afterEach(async () => {
  await fake.close()
  rmSync(folder, { recursive: true })
  rmSync(states, { recursive: true, force: true })
})

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const write = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
const bundle = (type: string, entry: unknown[]) => ({ resourceType: 'Bundle', type, entry })
const post = (n: number, type: string, content: object = {}, ifNoneExist?: string) => ({
  fullUrl: `urn:uuid:${uuid(n)}`,
  resource: { resourceType: type, ...content },
  request: { method: 'POST', url: type, ...(ifNoneExist && { ifNoneExist }) },
})

/** A patient with observations, the patient last, as no generator would write it. */
const patientBundle = (first: number, observations: number) =>
  bundle('transaction', [
    ...Array.from({ length: observations }, (_, n) =>
      post(first + 1 + n, 'Observation', { subject: { reference: `urn:uuid:${uuid(first)}` } }),
    ),
    post(first, 'Patient', {
      generalPractitioner: [{ reference: 'Practitioner?identifier=npi|1' }],
    }),
  ])
const practitioners = bundle('batch', [
  post(1, 'Practitioner', { identifier: [{ system: 'npi', value: '1' }] }, 'identifier=npi|1'),
])

const start = async (options: FakeFhirServerOptions = {}) => {
  fake = await startFakeFhirServer(options)
}

interface RunOptions {
  size?: number
  stopping?: AbortController
  onRetry?: () => void
}

const run = async ({ size = 10, stopping = new AbortController(), onRetry }: RunOptions = {}) => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const result = await runLoad({
    discovery: discover(['.'], folder),
    server: createFhirServer({ base: fake.base, patience: 1, stopping: stopping.signal, ...(onRetry && { onRetry }) }),
    state: new LoadState({ directory: states, server: fake.base, paths: [folder] }),
    limits: { size, bytes: 100_000 },
    concurrency: 2,
    progress: createProgressLines(stream),
    stopping,
  })
  return { result, lines: lines.join('') }
}

describe('runLoad', () => {
  test('splits a Bundle by its references and finds practitioners by their identifier', async () => {
    await start()
    write('anna.json', patientBundle(100, 25))
    write('0-practitioners.json', practitioners)
    const { result, lines } = await run()
    expect(isComplete(result)).toBe(true)
    expect(result.counts.toJSON()).toMatchObject({
      Observation: { input: 25, created: 25 },
      Patient: { input: 1, created: 1 },
      Practitioner: { input: 1, created: 1 },
    })
    expect(fake.bundles.map(({ type, entry }) => [type, entry.length])).toEqual([
      ['batch', 1],
      ['batch', 1],
      ['transaction', 10],
      ['transaction', 10],
      ['transaction', 6],
    ])
    expect(fake.stored.get(`Patient/${uuid(100)}`)![0]).toMatchObject({
      generalPractitioner: [{ reference: `Practitioner/${uuid(1)}` }],
    })
    expect(fake.stored.get(`Observation/${uuid(101)}`)![0]).toMatchObject({
      subject: { reference: `Patient/${uuid(100)}` },
    })
    expect(lines).toContain('sent in 3 parts')
    expect(summaryOf(result)).toContain('Complete: the server acknowledged all 27 resources of the 3 types')
  })

  test('a hospital that comes with infrastructure and again with a patient is one hospital', async () => {
    await start()
    const hospital = { identifier: [{ system: 's', value: 'h' }] }
    write('0-hospitals.json', bundle('batch', [post(1, 'Organization', hospital, 'identifier=s|h')]))
    write('0-more-hospitals.json', bundle('batch', [post(9, 'Organization', hospital, 'identifier=s|h')]))
    write('anna.json', bundle('transaction', [post(1, 'Organization', { ...hospital, name: 'H' })]))
    const { result } = await run()
    expect([...fake.stored.keys()]).toEqual([`Organization/${uuid(1)}`])
    expect(result.counts.toJSON()).toMatchObject({ Organization: { input: 3, created: 1, present: 2 } })
  })

  describe('on a server that wants to know what is referred to', () => {
    const startWithIntegrity = () =>
      start({
        check: ({ subject }, { entry }) => {
          const { reference } = (subject ?? {}) as { reference?: string }
          const isThere =
            !reference || fake.stored.has(reference) || entry.some(({ request }) => request.url === reference)
          return isThere
            ? undefined
            : { text: 'There is no such thing', element: 'subject.reference', code: 'not-found' }
        },
      })
    const single = (resourceType: string, id: string, subject?: string) =>
      write(`${id}.json`, { resourceType, id, ...(subject && { subject: { reference: subject } }) })

    test('files that refer to later ones are sent again, as long as that helps', async () => {
      await startWithIntegrity()
      single('Observation', 'a', 'Encounter/b')
      single('Encounter', 'b', 'Patient/c')
      single('Patient', 'c')
      const { result, lines } = await run()
      expect(isComplete(result)).toBe(true)
      expect(result.counts.toJSON()).toMatchObject({
        Observation: { created: 1, present: 0 },
        Encounter: { created: 1, present: 0 },
        Patient: { created: 1, present: 0 },
      })
      expect(lines).toContain('[again]')
    })

    test('what had come through before counts as loaded, not as having been there already', async () => {
      await startWithIntegrity()
      const observation = { resourceType: 'Observation', id: 'o', subject: { reference: 'Patient/z' } }
      write(
        'a.json',
        bundle('collection', [{ resource: { resourceType: 'Practitioner', id: 'p' } }, { resource: observation }]),
      )
      single('Patient', 'z')
      const { result } = await run()
      expect(result.counts.toJSON()).toMatchObject({
        Practitioner: { input: 1, created: 1, present: 0 },
        Observation: { input: 1, created: 1, present: 0, refused: 0 },
      })
    })

    test('what refers to something that is nowhere is refused and told', async () => {
      await startWithIntegrity()
      single('Patient', 'c')
      single('Observation', 'a', 'Patient/nobody')
      const { result } = await run()
      expect(isComplete(result)).toBe(false)
      expect(isCompleteButMissing(result)).toBe(true)
      expect(fake.bundles).toHaveLength(3)
      expect(summaryOf(result)).toContain('1 of them refer to what is neither on the server nor in these files')
    })

    test('what is refused for another reason is lost, whatever else is missing', async () => {
      await start({
        check: ({ status }) => (status === 'bad' ? { text: 'Not like this', element: 'status' } : undefined),
      })
      write('a.json', { resourceType: 'Observation', id: 'a', status: 'bad' })
      const { result } = await run()
      expect(isCompleteButMissing(result)).toBe(false)
      expect(fake.bundles).toHaveLength(1)
    })
  })

  test('loading again writes nothing', async () => {
    await start()
    write('0-practitioners.json', practitioners)
    write('anna.json', patientBundle(100, 25))
    await run()
    const sent = fake.bundles.length
    const { result } = await run()
    expect(fake.bundles).toHaveLength(sent)
    expect(result.counts.toJSON()).toMatchObject({ Observation: { input: 25, created: 0, present: 25 } })

    rmSync(states, { recursive: true })
    const { result: forgotten } = await run()
    expect(fake.bundles.length).toBeGreaterThan(sent)
    expect(forgotten.counts.total('present')).toBe(27)
    expect([...fake.stored.values()].every((versions) => versions.length === 1)).toBe(true)
  })

  test('a file that changed is sent again, and so is everything when the server is another one', async () => {
    await start()
    write('a.ndjson', '{"resourceType":"Patient","id":"1"}\n')
    await run()
    write('a.ndjson', '{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","id":"2"}\n')
    expect((await run()).result.counts.toJSON()).toMatchObject({ Patient: { input: 2, created: 1, present: 1 } })
    fake.stored.clear()
    expect((await run()).result.counts.toJSON()).toMatchObject({ Patient: { input: 2, created: 2 } })
  })

  test('a run that was stopped goes on where it was', async () => {
    const stopping = new AbortController()
    await start({
      disturb: ({ bundle }) => {
        if (bundle && fake.bundles.length === 1) stopping.abort()
        return undefined
      },
    })
    write('a.ndjson', Array.from({ length: 50 }, (_, n) => `{"resourceType":"Patient","id":"p${n}"}`).join('\n'))
    const { result } = await run({ stopping })
    expect(result).toMatchObject({ stopped: 'Stopped on request.', unfinished: [expect.stringContaining('a.ndjson')] })
    expect(fake.bundles).toHaveLength(2)
    expect(isComplete(result)).toBe(false)

    const { result: rest } = await run()
    expect(fake.bundles).toHaveLength(5)
    expect(rest.counts.toJSON()).toMatchObject({ Patient: { input: 50, created: 30, present: 20 } })
    expect(isComplete(rest)).toBe(true)
  })

  test('ids that the server gave before the stop are still known after it', async () => {
    const stopping = new AbortController()
    await start({
      disturb: ({ bundle }) => {
        if (bundle) stopping.abort()
        return undefined
      },
    })
    const organization = post(1, 'Organization', { identifier: [{ system: 's', value: '1' }] }, 'identifier=s|1')
    const patient = post(2, 'Patient', { managingOrganization: { reference: `urn:uuid:${uuid(1)}` } })
    write('a.json', bundle('transaction', [organization, patient]))
    await run({ stopping, size: 1 })
    await run({ size: 1 })
    expect(fake.bundles.map(({ entry }) => entry[0]!.resource!.resourceType)).toEqual(['Organization', 'Patient'])
    expect(fake.stored.get(`Patient/${uuid(2)}`)![0]).toMatchObject({
      managingOrganization: { reference: 'Organization/assigned-1' },
    })
  })

  test('what was refused is told, counted as lost, and tried again by the next run alone', async () => {
    let strict = true
    await start({
      check: ({ id }) => (strict && id === 'p13' ? { text: 'gender is not known', element: 'gender' } : undefined),
    })
    write('a.ndjson', Array.from({ length: 30 }, (_, n) => `{"resourceType":"Patient","id":"p${n}"}`).join('\n'))
    const { result } = await run()
    expect(isComplete(result)).toBe(false)
    expect(summaryOf(result)).toContain('LOST, not acknowledged by the server: 1 Patient')
    expect(summaryOf(result)).toContain('1 x Patient.gender: gender is not known (422)')
    expect(summaryOf(result)).toContain('line 14')
    expect(JSON.parse(JSON.stringify(reportOf(result)))).toMatchObject({
      complete: false,
      lost: { Patient: 1 },
      counts: { Patient: { input: 30, created: 29, refused: 1 } },
      files: [{ problems: [{ place: 'line 14', expression: 'Patient.gender' }] }],
    })

    strict = false
    const before = fake.bundles.length
    const { result: again } = await run()
    expect(fake.bundles).toHaveLength(before + 1)
    expect(isComplete(again)).toBe(true)
  })

  test('a small transaction stays atomic', async () => {
    await start({ check: ({ id }) => (id === uuid(2) ? { text: 'no', element: 'gender' } : undefined) })
    write('a.json', bundle('transaction', [post(1, 'Patient'), post(2, 'Patient')]))
    const { result } = await run()
    expect(fake.stored.size).toBe(0)
    expect(result.counts.toJSON()).toMatchObject({ Patient: { input: 2, refused: 2 } })
  })

  test('types that are not served are counted and are no loss', async () => {
    await start()
    write('a.ndjson', '{"resourceType":"Claim","id":"1"}\n{"resourceType":"Patient","id":"1"}\n')
    const { result } = await run()
    expect(result.counts.toJSON()).toMatchObject({ Claim: { input: 1, notServed: 1 } })
    expect(isComplete(result)).toBe(true)
    expect(summaryOf(result)).toContain('1 resources are of types the server does not serve')
  })

  test('files and lines that cannot be read are said without what they hold, and the others are loaded', async () => {
    await start()
    write('a.json', '{ "resourceType": "Patient", "name": Anna')
    write('b.ndjson', '{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","name":Berta\n\n[]\n')
    const { result } = await run()
    expect(result.unreadable).toBe(3)
    expect(fake.stored.size).toBe(1)
    expect(isComplete(result)).toBe(false)
    const text = summaryOf(result) + JSON.stringify(reportOf(result))
    expect(text).toContain('line 2')
    expect(text).not.toMatch(/Anna|Berta/)
  })

  test('a server that falls silent ends the run, and the next one goes on', async () => {
    let down = false
    await start({
      disturb: ({ bundle }) => {
        if (bundle && fake.bundles.length === 2) down = true
        return down ? 'drop' : undefined
      },
    })
    write('a.ndjson', Array.from({ length: 40 }, (_, n) => `{"resourceType":"Patient","id":"p${n}"}`).join('\n'))
    const { result } = await run()
    expect(result.stopped).toContain('does not answer')
    down = false
    fake.bundles.length = 0
    const { result: rest } = await run()
    expect(fake.bundles).toHaveLength(2)
    expect(isComplete(rest)).toBe(true)
  })

  test('sends a long ndjson file in transactions of the size allowed', async () => {
    await start()
    const lines = 5_000
    write('a.ndjson', Array.from({ length: lines }, (_, n) => `{"resourceType":"Patient","id":"p${n}"}`).join('\n'))
    const { result } = await run({ size: 100 })
    expect(fake.bundles.every(({ entry }) => entry.length === 100)).toBe(true)
    expect(result.counts.total('created')).toBe(lines)
  })
})
