import type { Tenant } from '../tenants.ts'

/** The tenants for people, or as JSON for the matrix of a workflow. */
export const list = (tenants: readonly Tenant[], asJson: boolean): string => {
  const rows = tenants.map(({ settings: { id, name }, deployment: { account, region, canary } }) => ({
    ...{ id, name, account, region, canary },
  }))
  if (asJson) return JSON.stringify(rows)
  const width = Math.max(0, ...rows.map(({ id }) => id.length))
  return rows
    .map(({ id, name, account = 'any account', region = 'any region', canary }) =>
      [id.padEnd(width), account, region, canary ? 'canary' : '      ', name].join('  '),
    )
    .join('\n')
}
