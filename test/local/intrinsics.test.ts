// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Fn::Sub is written
import { expect, test } from '@jest/globals'
import { resolveIntrinsics } from '../../local/intrinsics.ts'

const names = { ref: (id: string) => `name-of-${id}`, attribute: (id: string, name: string) => `${name}-of-${id}` }

test.each([
  [{ Ref: 'Table' }, 'name-of-Table'],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Arn-of-Queue'],
  [{ 'Fn::GetAtt': 'Queue.Arn' }, 'Arn-of-Queue'],
  [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, { Ref: 'Bus' }]] }, 'arn:aws:name-of-Bus'],
  [
    { 'Fn::Sub': 'x-${AWS::AccountId}-${Table}-${Queue.Arn}-${!Literal}' },
    'x-000000000000-name-of-Table-Arn-of-Queue-${Literal}',
  ],
  [{ 'Fn::Sub': ['${a}-${Table}', { a: { Ref: 'Bus' } }] }, 'name-of-Bus-name-of-Table'],
  [{ a: [{ b: { Ref: 'Table' } }, 1, null, true] }, { a: [{ b: 'name-of-Table' }, 1, null, true] }],
  [
    { Ref: 'Table', and: 'more' },
    { Ref: 'Table', and: 'more' },
  ],
])('%j', (value, expected) => {
  expect(resolveIntrinsics(value, names)).toEqual(expected)
})

test('an intrinsic function it does not know is refused, not passed through', () => {
  expect(() => resolveIntrinsics({ 'Fn::ImportValue': 'x' }, names)).toThrow(/Fn::ImportValue/)
})
