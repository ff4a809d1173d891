import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { defaultSettings } from '../../lib/tenant.ts'
import { readTenantFile, type Tenant, tenantFile } from '../tenants.ts'

/** What is asked of a new tenant; all else has a default. */
export interface Answers {
  name: string
  timeZone: string
  /** of the access tokens; without one nobody is let in */
  issuer?: string | undefined
  account?: string | undefined
  region?: string | undefined
  emails: readonly string[]
  canary: boolean
  budgetUsd?: number | undefined
}

/** There is a tenant of that name. */
export class TenantExists extends Error {
  constructor(file: string) {
    super(`${file} is there already: edit it.`)
    this.name = 'TenantExists'
  }
}

const fileOf = (id: string, { issuer, account, region, emails, canary, budgetUsd, ...named }: Answers): object => {
  const { holidays, businessHours, careManagementPool, supervisorPool, managerPool, careManagerRoles, lateNoticeDays } =
    defaultSettings
  return {
    id,
    ...named,
    ...{ holidays, businessHours, careManagementPool, supervisorPool, managerPool, careManagerRoles, lateNoticeDays },
    ...(issuer && { auth: { issuer } }),
    deployment: {
      ...(account && { account }),
      ...(region && { region }),
      canary,
      alarms: { emails },
      ...(budgetUsd !== undefined && { budgetUsd }),
    },
  }
}

/** Writes the file of a new tenant. @throws TenantExists, InvalidTenant; then there is no file */
export const add = (id: string, answers: Answers, directory?: string): Tenant => {
  const file = tenantFile(id, directory)
  if (existsSync(file)) throw new TenantExists(file)
  writeFileSync(file, `${JSON.stringify(fileOf(id, answers), undefined, 2)}\n`)
  try {
    return readTenantFile(file)
  } catch (error) {
    rmSync(file)
    throw error
  }
}
