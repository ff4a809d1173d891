import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag'
import { rules } from '../lib/events/rules.ts'
import { bundleFunctions } from './bundle.ts'
import { acknowledge } from './constructs/acknowledgements.ts'
import { stackNameOf, TenantStack } from './tenant-stack.ts'
import { InvalidTenant, LOCAL, readTenantFile, tenantFile, tenantIds } from './tenants.ts'

/** The tenants to synthesize: all that are to be deployed, or with `cdk -c tenant=<id>` one. */
const chosen = (app: App): string[] => {
  const only: unknown = app.node.tryGetContext('tenant')
  const known = tenantIds()
  if (only === undefined) return known.filter((id) => id !== LOCAL)
  if (!known.includes(String(only)))
    throw new InvalidTenant(tenantFile(String(only)), [`there is no such file; there are ${known.join(', ')}`])
  return [String(only)]
}

/** `cdk synth`, `cdk deploy careloop-<tenant>`: one stack for each file of infra/tenants/, all of the same code. */
const synthesize = async (): Promise<void> => {
  // What CloudFormation would refuse is refused here.
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app))
  const tenants = chosen(app).map((id) => readTenantFile(tenantFile(id)))
  const bundles = await bundleFunctions(join(app.outdir, 'bundles'))
  for (const tenant of tenants)
    acknowledge(new TenantStack(app, stackNameOf(tenant.settings.id), { ...tenant, bundles, rules }))
  app.synth()
}

try {
  await synthesize()
} catch (error) {
  if (!(error instanceof InvalidTenant)) throw error
  console.error(error.message)
  process.exitCode = 1
}
