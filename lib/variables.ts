import type { TenantSettings } from './tenant.ts'

/** A variable that infra must set. @throws Error naming it */
export const variable = (name: string): string => {
  const value = process.env[name]
  if (!value)
    throw new Error(`the environment variable ${name} is not set; infra sets it on every function that needs it`)
  return value
}

/** The settings of the tenant this function works for. */
export const tenantFromEnvironment = (): TenantSettings => JSON.parse(variable('TENANT')) as TenantSettings
