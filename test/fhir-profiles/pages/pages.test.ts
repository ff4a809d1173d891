import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readExamples, readSources } from '../../../fhir-profiles/pages/artifact.ts'
import { pagesOf } from '../../../fhir-profiles/pages/pages.ts'

const FOLDER = join(import.meta.dirname, '../../../docs/profiles')
const sources = readSources()
const pages = pagesOf(sources, readExamples())

describe('docs/profiles', () => {
  test('has the pages that npm run pages makes, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort())
    const stale = [...pages].filter(([name, text]) => readFileSync(join(FOLDER, name), 'utf8') !== text)
    expect(stale.map(([name]) => name)).toEqual([])
  })

  test('links to files that are there', () => {
    const broken = [...pages].flatMap(([name, text]) =>
      [...text.matchAll(/\]\((?!http)([^)#]+)\)/g)]
        .filter(([, target]) => !existsSync(join(FOLDER, target!)))
        .map(([, target]) => `${name}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('has a page for each artifact, and the index names all of them', () => {
    expect(pages.size).toBe(sources.length + 1)
    for (const name of pages.keys()) if (name !== 'README.md') expect(pages.get('README.md')).toContain(`(${name})`)
  })

  test('shows tables that every cell of keeps together', () => {
    for (const [name, text] of pages)
      for (const block of text.split('\n\n').filter((part) => part.startsWith('|'))) {
        const widths = new Set(block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length))
        expect([name, widths.size]).toEqual([name, 1])
      }
  })
})

describe('the page of a profile', () => {
  const page = pages.get('profile-careloop-work-task.md')!

  test.each([
    [
      'flags, cardinality and codes',
      '| code | S Σ | 1..1 | CodeableConcept | [care-task-type](value-set-care-task-type.md) (extensible) |',
    ],
    ['what is below', '| &nbsp;&nbsp;&nbsp;&nbsp;end | S Σ | 0..1 | dateTime |  | Due |'],
    ['rules', '| clw-3 | Task | error | Work is somebody'],
    [
      'examples',
      '[task-medication-reconciliation.json](../../fhir-profiles/examples/task-medication-reconciliation.json)',
    ],
    ['extensions', '(task-clock)'],
  ])('shows %s', (_what, text) => {
    expect(page).toContain(text)
  })

  test('shows values that are laid down', () => {
    expect(pages.get('profile-careloop-referral-task.md')).toContain('| code = order |')
    expect(pages.get('extension-assigned.md')).toContain('= https://careloop.dev/fhir/StructureDefinition/assigned')
  })
})
