import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { writeLog } from '../../lib/log.ts'
import { phiInCode, phiInResource, planted, plantedPhi } from '../support/planted-phi.ts'
import { beginRecording, recordFailure, recordingLog } from '../support/recorded-logs.ts'
import { searchLogs } from '../support/search-logs.ts'
import { plantedPatient } from './planted-patient.ts'

const found = (line: string, ...texts: string[]) => searchLogs([{ file: 'a.test.ts', line }], texts).length > 0

describe('a line is found', () => {
  test.each([
    ['as it is', `cannot keep ${planted.family}`],
    ['in JSON', JSON.stringify({ note: planted.line })],
    ['in a URL', `GET /Patient?address=${encodeURIComponent(planted.line)}`],
    ['in JSON within JSON', JSON.stringify({ body: JSON.stringify(plantedPatient) })],
  ])('%s', (_, line) => {
    expect(found(line, ...Object.values(planted))).toBe(true)
  })

  test('with quotes and other scripts in it', () => {
    expect(found(JSON.stringify({ a: 'says "no", Séverine' }), 'says "no"')).toBe(true)
    expect(found('x=S%C3%A9verine', 'Séverine')).toBe(true)
  })

  test('that says what no log line says, whatever it is', () => {
    expect(found('{"status":200,"body":"secret"}', 'else')).toBe(true)
    expect(found('{"status":200,"dropped":1}', 'else')).toBe(true)
  })
})

test('other lines are not', () => {
  expect(found('{"event":"tick","outcome":"woken","count":2}', ...Object.values(planted))).toBe(false)
  expect(found('Northern', 'North')).toBe(false)
})

describe('what is searched for', () => {
  test('is what a resource says of a person', () => {
    expect(phiInResource(plantedPatient)).toEqual(
      expect.arrayContaining([planted.family, planted.given, planted.phone, planted.mrn, planted.line, planted.city]),
    )
  })

  test('and what the code of a test does', () => {
    const code = `{ family: 'Rosen', given: ['Ana', 'Maria'], note: [{ text: 'Feels weak.' }], value: '+1 555 0100', status: 'active' }`
    expect(phiInCode(code).sort()).toEqual(['+1 555 0100', 'Ana', 'Feels weak.', 'Maria', 'Rosen'])
  })

  test('of all fixtures', () => {
    const texts = plantedPhi(process.cwd())
    for (const text of [...Object.values(planted), 'Amelia', 'Brandt', '1 Elm Street', 'MRN-551208'])
      expect(texts).toContain(text)
  })
})

describe('what is searched', () => {
  let recording: ReturnType<typeof beginRecording>
  const { CARELOOP_TEST_LOGS: before = '' } = process.env
  beforeEach(() => {
    recording = beginRecording()
    Object.assign(process.env, recording.environment)
  })
  afterEach(() => {
    jest.restoreAllMocks()
    process.env.CARELOOP_TEST_LOGS = before
  })
  const file = 'test/security/log-search.test.ts'

  test('is what is written to the console, whoever has put something in its place, and what is given to a test', () => {
    const given: object[] = []
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
    jest.spyOn(console, 'error').mockImplementation(() => undefined)
    writeLog({ event: 'first' })
    console.error('second', { number: 2 }, new Error('third'))
    recordingLog(given)({ event: 'fourth' })
    recordFailure({ statusCode: 503, body: 'fifth' })
    recordFailure({ statusCode: 404, body: 'no failure' })
    expect(log.mock.calls).toEqual([['{"event":"first"}']])
    expect(given).toEqual([{ event: 'fourth' }])
    expect(recording.end()).toEqual([
      { file, line: '{"event":"first"}' },
      { file, line: expect.stringMatching(/^second {"number":2} Error: third\n/) },
      { file, line: '{"event":"fourth"}' },
      { file, line: '503 fifth' },
    ])
  })

  test('also after a test has given the console back, and where it has taken it for good', () => {
    jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    jest.restoreAllMocks()
    const own = console.warn
    console.warn = () => undefined
    console.warn('taken')
    console.warn = own
    expect(recording.end()).toEqual([{ file, line: 'taken' }])
  })
})

test('nothing but lib/log.ts writes to a console', () => {
  const files = ['lib', 'functions'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  const writing = files.filter((file) => /\bconsole\b|process\.(stdout|stderr)/.test(readFileSync(file, 'utf8')))
  expect(writing).toEqual(['lib/log.ts'])
})
