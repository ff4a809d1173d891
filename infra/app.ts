import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { rules } from '../lib/events/rules.ts'
import { bundleFunctions } from './bundle.ts'
import { stackNameOf, TenantStack } from './tenant-stack.ts'
import { InvalidTenant, readTenant, TENANTS_DIRECTORY, tenantIds } from './tenants.ts'

/** `cdk synth`, `cdk deploy careloop-<tenant>`: one stack for each file of infra/tenants/. */
const synthesize = async (): Promise<void> => {
  const tenants = tenantIds().map((id) => readTenant(join(TENANTS_DIRECTORY, `${id}.json`)))
  // What CloudFormation would refuse is refused here.
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
  const bundles = await bundleFunctions(join(app.outdir, 'bundles'))
  for (const settings of tenants) new TenantStack(app, stackNameOf(settings.id), { settings, bundles, rules })
  app.synth()
}

try {
  await synthesize()
} catch (error) {
  if (!(error instanceof InvalidTenant)) throw error
  console.error(error.message)
  process.exitCode = 1
}
