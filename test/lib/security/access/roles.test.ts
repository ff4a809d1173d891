import { describe, expect, test } from '@jest/globals'
import { lettersOf, roles, rolesOf } from '../../../../lib/security/access/roles.ts'

describe('the roles of a user', () => {
  test.each<[string, Parameters<typeof rolesOf>[0], string[]]>([
    ['named', { reference: 'Practitioner/a', roles: ['auditor'] }, ['auditor']],
    ['several, each once', { roles: ['auditor', 'supervisor', 'auditor'] }, ['auditor', 'supervisor']],
    ['unknown ones beside', { roles: ['emperor', 'auditor'] }, ['auditor']],
    ['none', { reference: 'Practitioner/a' }, []],
    ['names that objects have anyway', { roles: ['constructor', '__proto__'] }, []],
    ['a patient', { reference: 'Patient/a' }, ['patient']],
    ['an organization', { reference: 'Organization/a' }, ['agency']],
    ['an organization that is named otherwise', { reference: 'Organization/a', roles: ['auditor'] }, ['auditor']],
    ['a patient of another service', { reference: 'https://ehr.test/Patient/a' }, []],
    ['nobody', {}, []],
  ])('%s', (_what, caller, names) => {
    expect(rolesOf(caller)).toEqual(names.map((name) => roles[name]))
  })

  test('nobody but systems writes AuditEvents', () => {
    for (const role of Object.values(roles)) expect(lettersOf(role, 'AuditEvent')).not.toMatch(/[cud]/)
  })
})
