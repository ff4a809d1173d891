import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'

const MODEL = 'docs/security.md'
const pages = [MODEL, 'SECURITY.md', ...readdirSync('docs/security').map((name) => join('docs/security', name))]
const textOf = (page: string): string => readFileSync(page, 'utf8')

/** Files that a text names in backticks. */
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`((?:test|lib|infra|local|functions|\.github)\/[\w./-]+)`/g)].map(([, file]) => file!)

/** The rows of the tables of threats, each as its cells. */
const threats = textOf(MODEL)
  .split('\n')
  .filter((line) => /^\| (?:[STRIDE](?:, [STRIDE])*)? \| /.test(line) || line.startsWith('| | '))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()))
  .filter(([, threat]) => threat !== 'threat' && threat !== 'fails on')

test.each(pages)('every file that %s names is there', (page) => {
  expect(filesIn(textOf(page)).filter((file) => !existsSync(file))).toEqual([])
})

test.each(pages)('every page that %s links to is there', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => join(dirname(page), link!))
  expect(links.filter((link) => !existsSync(link))).toEqual([])
})

test('every threat has a control in the code and a test, or says why not', () => {
  expect(threats.length).toBeGreaterThan(50)
  for (const [, threat, control, where, shown] of threats) {
    expect([threat, control]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)])
    expect([threat, where]).toEqual([threat, expect.stringMatching(/`[\w./-]+`/)])
    expect([threat, shown]).toEqual([threat, expect.stringMatching(/^`test\/|^none: /)])
  }
})
