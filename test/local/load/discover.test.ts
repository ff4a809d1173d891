import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CannotLoad } from '../../../local/load/cannot-load.ts'
import { discover, isInfrastructure } from '../../../local/load/discover.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'careloop-discover-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (...names: string[]) => {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '{}')
  }
}

describe('discover', () => {
  test('finds all files below, what others refer to first, each once', () => {
    write('b/z.json', 'b/a.ndjson', 'b/0-first/practitioners.json', 'b/0-first/hospitals.json', 'b/README.md')
    write('b/hospitalInformation1.json', "b/O'Brien 1.json")
    const { files, ignored } = discover(['b', 'b/z.json'], folder)
    expect(files.map(({ name, infrastructure }) => [name, infrastructure])).toEqual([
      ['b/0-first/hospitals.json', true],
      ['b/0-first/practitioners.json', true],
      ['b/hospitalInformation1.json', true],
      ["b/O'Brien 1.json", false],
      ['b/a.ndjson', false],
      ['z.json', false],
    ])
    expect(ignored).toEqual(['b/README.md'])
  })

  test('a path that does not exist and a folder with nothing in it are said', () => {
    write('notes.txt')
    expect(() => discover(['nowhere'], folder)).toThrow(CannotLoad)
    expect(() => discover(['nowhere'], folder)).toThrow('nowhere does not exist')
    expect(() => discover(['.'], folder)).toThrow('no .json or .ndjson')
  })
})

test.each([
  ['synthea/0-infrastructure/blaze/hospitals.json', true],
  ['0-hospitalInformation16.json', true],
  ['out/practitionerInformation16.json', true],
  ['out/01-organizations.json', false],
  ['out/patient-0-1.json', false],
])('%s is infrastructure: %s', (name, expected) => {
  expect(isInfrastructure(name)).toBe(expected)
})
