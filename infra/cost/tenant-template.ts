import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { rules } from '../../lib/events/rules.ts'
import { ROUTES } from '../constructs/api.ts'
import { AUTHORIZER } from '../constructs/authorizer.ts'
import { PUBLISH } from '../constructs/events.ts'
import { WAKE } from '../constructs/schedule.ts'
import { stackNameOf, TenantStack } from '../tenant-stack.ts'
import { readTenantFile, tenantFile } from '../tenants.ts'
import type { StackTemplate } from './stack-shape.ts'

const functions = [...ROUTES.map(([, name]) => name), ...rules.map(({ target }) => target), AUTHORIZER, PUBLISH, WAKE]

/** The template of a tenant's stack, with functions that do nothing: bundling takes its time, and their code costs nothing. @throws InvalidTenant */
export const tenantTemplate = (tenant: string): StackTemplate => {
  const folder = mkdtempSync(join(tmpdir(), 'careloop-cost-'))
  try {
    const app = new App({
      outdir: join(folder, 'out'),
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
    })
    const code = join(folder, 'code')
    mkdirSync(code)
    writeFileSync(join(code, 'index.mjs'), 'export const handler = () => {}')
    const bundles = new Map(functions.map((name) => [name, code]))
    const name = stackNameOf(tenant)
    new TenantStack(app, name, { ...readTenantFile(tenantFile(tenant)), bundles, rules })
    return app.synth().getStackByName(name).template as StackTemplate
  } finally {
    rmSync(folder, { recursive: true })
  }
}
