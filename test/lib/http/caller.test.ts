import { expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { callerOf } from '../../../lib/http/caller.ts'

const BASE = 'https://api.test/fhir'
const saying = (authorizer: unknown) =>
  ({ requestContext: { authorizer } }) as unknown as Pick<APIGatewayProxyEvent, 'requestContext'>

test.each<[string, unknown, ReturnType<typeof callerOf>]>([
  ['no authorizer', undefined, undefined],
  ['an authorizer that says nothing of them', { principalId: 'x' }, undefined],
  ['a reference', { fhirUser: 'Practitioner/nora' }, { reference: 'Practitioner/nora' }],
  ['a URL of this service', { fhirUser: `${BASE}/Practitioner/nora` }, { reference: 'Practitioner/nora' }],
  [
    'a URL of another',
    { fhirUser: 'https://ehr.test/Practitioner/1' },
    { reference: 'https://ehr.test/Practitioner/1' },
  ],
  [
    'roles in one text',
    { fhirUser: 'Practitioner/a', roles: 'nurse, lead' },
    { reference: 'Practitioner/a', roles: ['nurse', 'lead'] },
  ],
  ['roles alone', { fhirUser: '', roles: 'nurse' }, { roles: ['nurse'] }],
  [
    'a token',
    {
      clientId: 'app',
      scope: 'openid  patient/Task.rs',
      patient: 'Patient/anna',
      tokenId: 'jti',
      purposeOfUse: 'TREAT',
    },
    {
      clientId: 'app',
      scopes: ['openid', 'patient/Task.rs'],
      patient: 'anna',
      tokenId: 'jti',
      purposeOfUse: 'TREAT',
    },
  ],
  ['a token that grants nothing', { scope: '' }, { scopes: [] }],
  ['what is no text', { fhirUser: 7, roles: true }, undefined],
])('of %s', (_what, authorizer, expected) => {
  expect(callerOf(saying(authorizer), BASE)).toEqual(expected)
})
