import { describe, expect, test } from '@jest/globals'
import { callerContext } from '../../../../lib/security/token/caller-context.ts'
import { TokenRefused } from '../../../../lib/security/token/token-refused.ts'
import { goodClaims } from './tokens.ts'

describe('what a token says of its bearer', () => {
  test('is all of it text', () => {
    expect(
      callerContext({
        ...goodClaims,
        fhirUser: 'https://api.example/fhir/Practitioner/nora',
        roles: ['nurse', 'supervisor'],
        patient: '123',
        purpose_of_use: 'TREAT',
      }),
    ).toEqual({
      sub: 'ehr',
      clientId: 'ehr',
      scope: 'system/*.rs',
      fhirUser: 'https://api.example/fhir/Practitioner/nora',
      roles: 'nurse supervisor',
      patient: '123',
      tokenId: 'one',
      purposeOfUse: 'TREAT',
    })
  })

  test('leaves out what it does not say', () => {
    expect(callerContext({ sub: 'x', exp: 1 })).toEqual({ sub: 'x' })
    expect(callerContext({ sub: 'x', exp: 1, scope: '', roles: [], fhirUser: 7, jti: ' ' } as never)).toEqual({
      sub: 'x',
    })
  })

  test.each([
    ['azp', { azp: 'app' }, { clientId: 'app' }],
    ['client_id before azp', { client_id: 'ehr', azp: 'app' }, { clientId: 'ehr' }],
    ['scp as a list', { scp: ['user/Task.rs', 'openid'] }, { scope: 'user/Task.rs openid' }],
    ['roles as text', { roles: 'nurse supervisor' }, { roles: 'nurse supervisor' }],
    ['a reference as patient', { patient: 'Patient/123' }, { patient: '123' }],
    [
      'purposes as IHE has them',
      { extensions: { ihe_iua: { purpose_of_use: [{ system: 'urn:x', code: 'TREAT' }, { code: 'HPAYMT' }] } } },
      { purposeOfUse: 'TREAT HPAYMT' },
    ],
  ])('is understood of %s', (_what, claims, context) => {
    expect(callerContext({ sub: 'x', exp: 1, ...claims })).toEqual({ sub: 'x', ...context })
  })

  test.each([
    ['roles', ['not supervisor', 'nurse,supervisor', 7, 'nurse'], 'nurse'],
    ['scp', ['user/Task.rs system/*.cruds', 'openid'], 'openid'],
  ])('does not grow when lists are joined: %s', (name, list, text) => {
    const context: Record<string, unknown> = callerContext({ sub: 'x', exp: 1, [name]: list })
    expect(context[name === 'scp' ? 'scope' : name]).toBe(text)
  })

  test.each([[''], ['a/b'], [['1', '2']], [null], ['Patient/1/_history/2'], [{}]])(
    'is not believed with %j as patient',
    (patient) => {
      expect(() => callerContext({ sub: 'x', exp: 1, patient })).toThrow(TokenRefused)
    },
  )
})
