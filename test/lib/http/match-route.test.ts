import { describe, expect, test } from '@jest/globals'
import { matchRoute } from '../../../lib/http/match-route.ts'
import { routes } from '../../../lib/http/routes.ts'

const example = (path: string) =>
  path
    .split('/')
    .filter(Boolean)
    .map((part) => ({ '[type]': 'Task', '[id]': 'a.1-B', '[vid]': '3' })[part] ?? part)

describe('the route table', () => {
  test.each(routes)('$method $path leads to $interaction', ({ method, path, handle }) => {
    expect(matchRoute(method, example(path)).route.handle).toBe(handle)
  })

  test.each(routes.filter(({ method }) => method === 'GET'))('HEAD $path goes where GET goes', ({ path, handle }) => {
    expect(matchRoute('HEAD', example(path)).route.handle).toBe(handle)
  })

  test.each(routes)(
    'a method that $path does not take is told the ones it takes, $method among them',
    ({ method, path }) => {
      const allow = expect.stringMatching(new RegExp(`\\b${method}\\b`))
      expect(() => matchRoute('TRACE', example(path))).toThrow(
        expect.objectContaining({ status: 405, headers: { Allow: allow } }),
      )
    },
  )

  test('names what the URL is about', () => {
    expect(matchRoute('GET', ['Task', '1', '_history', '2'])).toMatchObject({ type: 'Task', id: '1', versionId: '2' })
  })
})
