import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const PAGE = join(import.meta.dirname, '../../docs/api/clients.md')
const DOCUMENTED_ORIGIN = 'http://localhost:3000'
const SAMPLE = /^```js\n(.*?)^```$/ms
const OUTPUT = /^prints\n```\n(.*?)^```$/ms

/** Each sample runs as it stands, as a program of its own, and prints what the page says that it prints. */
export const documentedSamples = (baseUrl: () => string, accessToken: () => string): void => {
  const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^## /m)
  const samples = sections.map((section) => ({
    name: section.split('\n')[0],
    program: SAMPLE.exec(section)?.[1] ?? '',
    output: OUTPUT.exec(section)?.[1],
  }))

  test.each(samples)('$name', async ({ program, output }) => {
    const here = program.replaceAll(DOCUMENTED_ORIGIN, new URL(baseUrl()).origin)
    const cwd = import.meta.dirname
    const env = { ...process.env, CARELOOP_TOKEN: accessToken() }
    const printed = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', here], { cwd, env })
    expect(printed).toEqual({ stdout: output, stderr: '' })
  })
}
