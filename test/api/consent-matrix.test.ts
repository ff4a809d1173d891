import { describe, expect, test } from '@jest/globals'
import { routes } from '../../lib/http/routes.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { callingWith, type Token } from '../support/calling-with.ts'
import { type Consenting, consentStates, type Label, labels, MARKER, plant, rows } from '../support/consent-world.ts'

/** Who asks, and by which names a consent may mean them. */
const callers: Readonly<Record<string, { token: Token; isNamed: boolean; isOutside?: true }>> = {
  'a system with everything': { token: { scope: 'system/*.cruds', clientId: 'ehr' }, isNamed: true },
  'a care manager who is named': {
    token: { scope: 'user/*.cruds', fhirUser: 'Practitioner/nora', roles: 'care-manager' },
    isNamed: true,
  },
  'a supervisor who is not': {
    token: { scope: 'user/*.cruds', fhirUser: 'Practitioner/sue', roles: 'supervisor' },
    isNamed: false,
  },
  'an app in the compartment': {
    token: { scope: 'patient/*.cruds', patient: 'anna', clientId: 'app' },
    isNamed: false,
  },
  'an agency that is named': {
    token: { scope: 'user/*.cruds', fhirUser: 'Organization/helpers', roles: 'agency' },
    isNamed: true,
    isOutside: true,
  },
}

/** What the policy comes to, written once more and in another way than the code. */
const isExpected = (label: Label, state: Consenting, { isNamed, isOutside }: (typeof callers)[string]): boolean => {
  if (state === 'permit, naming') return isNamed
  return state === 'permit' && label.isForAll && !isOutside
}

/** The answer but for what repeats the question. */
const toldBy = ({ body, text, headers }: { body: unknown; text: string; headers: Record<string, string> }): string => {
  const told = body === undefined ? text : JSON.stringify(body, (name, value) => (name === 'link' ? undefined : value))
  return `${told} ${JSON.stringify(headers)}`
}

const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} /${path}`

test('every route has a row in the matrix', () => {
  const missing = [...new Set(routes.map(keyOf))].filter((key) => !(key in rows))
  expect(missing).toEqual([])
})

let asked = 0
const leaks: string[] = []

/** Every path is gone with one label of each kind of need; with the others those that all of the rest is made of. */
const REPRESENTATIVE = ['42CFRPart2', 'PSY']
const MAIN = [
  'GET /[type]/[id]',
  'GET /[type]/[id]/_history/[vid]',
  'GET /[type]',
  'GET /_history',
  'GET /[type]/[id]/$everything',
]

const rowsFor = ({ code }: Label) =>
  Object.entries(rows).filter(([key]) => REPRESENTATIVE.includes(code) || MAIN.includes(key))

/** All that can be asked. What changes something is asked only by whom there is nothing to change for. */
const askEverything = async (
  api: TestApi,
  label: Label,
  token: Token,
  isHidden: boolean,
  name: string,
): Promise<Set<string>> => {
  const ask = callingWith(api, token)
  const shown = new Set<string>()
  for (const [key, requests] of rowsFor(label))
    for (const { method = key.split(' ')[0]!, url, body, headers, changes } of requests) {
      if (changes && !isHidden) continue
      const answer = await ask(method, url, body, headers)
      asked += 1
      if (answer.status >= 500) throw new Error(`${name}: ${method} ${url}: ${answer.status} ${answer.text}`)
      const told = toldBy(answer)
      if (!told.includes(MARKER) && !told.includes('hidden-')) continue
      shown.add(`${key} ${url}`)
      if (isHidden) leaks.push(`${name}: ${method} ${url}: ${told.slice(0, 200)}`)
    }
  return shown
}

describe.each(labels)('$code', (label) => {
  test.each(consentStates)('%s', async (state) => {
    const api = testApi({ access: 'token', tenant: { labels: { programme: ['loader'] } } })
    await plant(api, label, state)
    for (const [who, caller] of Object.entries(callers)) {
      const isHidden = !isExpected(label, state, caller)
      const shown = await askEverything(api, label, caller.token, isHidden, `${label.code}, ${state}, ${who}`)
      // Where it is permitted it is there, or this test would be true of a service that shows nothing.
      if (!isHidden && !caller.isOutside) expect(shown.size).toBeGreaterThan(20)
      if (!isHidden) expect(shown).toContain('GET /[type]/[id] /Task/hidden-task')
    }
    const { body } = await callingWith(api, { scope: 'system/*.cruds', clientId: 'loader' })(
      'GET',
      '/Condition/hidden-condition',
    )
    expect(JSON.stringify(body)).toContain(MARKER)
  })
})

/** What differs from world to world whatever is in it. */
const withoutTimes = (told: string): string =>
  told
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'then')
    // Classes of a drawing, counted by the process.
    .replace(/zr\d+-c(?:ls-)?\d+/g, 'zr')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT/g, 'then')

test.each(Object.entries(callers))('%s is answered as if nothing labelled were there', async (_who, { token }) => {
  const [label] = labels as [Label]
  const worlds = await Promise.all(
    (['none', 'nothing labelled'] as const).map(async (state) => {
      const api = testApi({ access: 'token', tenant: { labels: { programme: ['loader'] } } })
      await plant(api, label, state)
      return callingWith(api, token)
    }),
  )
  for (const [key, requests] of Object.entries(rows))
    for (const { method = key.split(' ')[0]!, url, body, headers, changes, isPage } of requests) {
      if (changes || isPage) continue
      const [secret, empty] = await Promise.all(worlds.map((ask) => ask(method, url, body, headers)))
      expect([method, url, secret!.status, withoutTimes(toldBy(secret!))]).toEqual([
        method,
        url,
        empty!.status,
        withoutTimes(toldBy(empty!)),
      ])
    }
})

test('nothing leaks', () => {
  process.stdout.write(`Leakage matrix: ${asked} requests, ${leaks.length} leaks.\n`)
  expect(leaks).toEqual([])
})
