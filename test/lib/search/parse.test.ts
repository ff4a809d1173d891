import { describe, expect, test } from '@jest/globals'
import { FhirError } from '../../../lib/outcome.ts'
import { parse } from './sample-search.ts'

const refusal = (type: string, query: string): FhirError => {
  try {
    parse(type, query)
  } catch (error) {
    if (error instanceof FhirError) return error
    throw error
  }
  throw new Error(`${query} was accepted`)
}

describe('a strict search refuses with 400 and says what is wrong', () => {
  test.each([
    ['colour=red', 'not-supported', /colour is not known for Task; known are .*status/],
    ['status:sounds=x', 'not-supported', /status:sounds is not supported; status can be used with :missing :not :text/],
    ['code:below=http://x', 'not-supported', /code:below is not supported/],
    ['identifier:in=http://x', 'not-supported', /identifier:in is not supported/],
    ['code:of-type=a|b|c', 'not-supported', /code:of-type/],
    ['owner:Device=1', 'not-supported', /owner:Device .*:Practitioner/],
    ['instantiates-canonical:identifier=a', 'not-supported', /instantiates-canonical:identifier/],
    ['patient.nickname=Ana', 'not-supported', /nickname is not known for Patient/],
    ['subject.name=Ana', 'not-supported', /say which, as in subject:Patient\.name/],
    ['_has:Provenance:target:agent=1', 'not-supported', /_has:Provenance:target:agent names Provenance/],
    ['_include=Task:status', 'not-supported', /status is no reference of Task/],
    ['_revinclude:iterate=Provenance:target', 'not-supported', /_revinclude:iterate names Provenance/],
    ['_text=x', 'not-supported', /_text is not supported/],
    ['due-date=soon', 'invalid', /due-date is not understood; it takes a date/],
    ['due-date=2026-13', 'invalid', /due-date/],
    ['due-date:missing=yes', 'invalid', /due-date:missing takes true or false/],
    ['status=', 'invalid', /status has no value/],
    ['status=ready,', 'invalid', /status is not understood/],
    ['code=a|b|c', 'invalid', /code is not understood/],
    ['code=a\\b', 'invalid', /code is not understood/],
    ['patient=two words', 'invalid', /patient is not understood/],
    ['subject:Patient=Group/1', 'invalid', /subject:Patient is not understood/],
    [`status=${Array.from({ length: 51 }, (_, n) => n).join(',')}`, 'too-costly', /more than 50/],
    ['_sort=colour', 'not-supported', /_sort .* known are .*due-date/],
    ['_count=-1', 'invalid', /_count takes/],
    ['_count=many', 'invalid', /_count takes/],
    ['_count=1&_count=2', 'invalid', /_count can be given once/],
    ['_total=some', 'invalid', /_total takes none, estimate, accurate/],
    ['_summary=yes', 'invalid', /_summary takes/],
  ])('%s', (query, code, text) => {
    const error = refusal('Task', query)
    expect(error.status).toBe(400)
    expect(error.problems).toHaveLength(1)
    expect(error.problems[0]).toMatchObject({ code, text: expect.stringMatching(text) })
  })

  test('everything that is wrong is said at once', () => {
    expect(refusal('Task', 'colour=red&due-date=soon&status=ready').problems).toHaveLength(2)
  })

  test('no value of the search is repeated: it may tell of a patient', () => {
    const { message } = refusal('Patient', 'family:exact=Smith\\x&name=Jones\\x&_count=Brown&colour=Green')
    expect(message).not.toMatch(/Smith|Jones|Brown|Green/)
  })

  test('a composite takes as many values as it has components, and no modifier', () => {
    expect(refusal('Observation', 'code-value-quantity=a').message).toMatch(/joined by \$/)
    expect(refusal('Observation', 'code-value-quantity=a$b').message).toMatch(/code-value-quantity is not understood/)
    expect(refusal('Observation', 'code-value-quantity:missing=true').message).toMatch(/without a modifier only/)
  })
})

describe('a lenient search', () => {
  test('leaves out what it does not understand and names it', () => {
    const search = parse('Task', 'colour=red&status=ready&patient.nickname=Ana&_count=lots&due-date=soon', 'lenient')
    expect(search.ignored).toEqual(['colour', 'patient.nickname', '_count', 'due-date'])
    expect(search.applied).toEqual([['status', 'ready']])
    expect(search.clauses).toHaveLength(1)
    expect(search.result.count).toBe(20)
  })
})

describe('what bears on the result', () => {
  test('is read', () => {
    const { result, sort, clauses } = parse(
      'Task',
      '_sort=-due-date,_id&_count=5&_total=accurate&_summary=data&_elements=status,for&_pretty=true&_format=json&_cursor=abc&_explain=true',
    )
    expect(clauses).toEqual([])
    expect(sort.map(({ parameter, descending }) => [parameter.code, descending])).toEqual([
      ['due-date', true],
      ['_id', false],
    ])
    expect(result).toEqual({
      count: 5,
      total: 'accurate',
      summary: 'data',
      elements: ['status', 'for'],
      pretty: true,
      format: 'json',
      cursor: 'abc',
      explain: true,
    })
  })

  test('a page holds 20 unless more is asked for, and 200 at most', () => {
    expect(parse('Task', '').result.count).toBe(20)
    const search = parse('Task', '_count=5000')
    expect(search.result.count).toBe(200)
    expect(search.applied).toEqual([['_count', '200']])
    expect(parse('Task', '_count=0').result.count).toBe(0)
  })
})

describe('the canonical form', () => {
  test('is the same for the same list, whatever a page looks like', () => {
    const one = parse('Task', 'status=ready&patient=1&_count=5')
    const other = parse('Task', 'patient=1&_count=7&_cursor=x&status=ready')
    expect(one.canonical).toBe(other.canonical)
  })

  test.each(['status=ready&patient=2', 'status=ready', 'status=ready&patient=1&_sort=due-date'])(
    'differs for %s',
    (query) => {
      expect(parse('Task', query).canonical).not.toBe(parse('Task', 'status=ready&patient=1').canonical)
    },
  )
})
