import { describe, expect, test } from '@jest/globals'
import { matchRoute } from '../../../lib/http/match-route.ts'
import { type Route, routes } from '../../../lib/http/routes.ts'

const example = ({ path, types = ['Task'] }: Pick<Route, 'path' | 'types'>) =>
  path
    .split('/')
    .filter(Boolean)
    .map((part) => ({ '[type]': types[0], '[id]': 'a.1-B', '[vid]': '3' })[part] ?? part)

describe('the route table', () => {
  test.each(routes)('$method $path leads to $interaction', ({ method, path, types, handle }) => {
    expect(matchRoute(method, example({ path, types })).route.handle).toBe(handle)
  })

  test.each(routes.filter(({ method }) => method === 'GET'))(
    'HEAD $path goes where GET goes',
    ({ path, types, handle }) => {
      expect(matchRoute('HEAD', example({ path, types })).route.handle).toBe(handle)
    },
  )

  test.each(routes)(
    'a method that $path does not take is told the ones it takes, $method among them',
    ({ method, path, types }) => {
      const allow = expect.stringMatching(new RegExp(`\\b${method}\\b`))
      expect(() => matchRoute('TRACE', example({ path, types }))).toThrow(
        expect.objectContaining({ status: 405, headers: { Allow: allow } }),
      )
    },
  )

  test('names what the URL is about', () => {
    expect(matchRoute('GET', ['Task', '1', '_history', '2'])).toMatchObject({ type: 'Task', id: '1', versionId: '2' })
  })

  test('an operation of one type is none of another', () => {
    expect(matchRoute('POST', ['Task', '1', '$claim']).route.interaction).toBe('$claim')
    expect(() => matchRoute('POST', ['Goal', '1', '$claim'])).toThrow(expect.objectContaining({ status: 404 }))
  })
})
