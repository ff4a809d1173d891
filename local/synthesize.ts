import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { bundleFunctions } from '../infra/bundle.ts'
import type { RuleDeclaration } from '../infra/constructs/events.ts'
import { defaultDeployment, type Throttling } from '../infra/deployment.ts'
import { stackNameOf, TenantStack } from '../infra/tenant-stack.ts'
import type { TenantSettings } from '../lib/tenant.ts'

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  Type: string
  Properties?: Readonly<Record<string, unknown>>
}

export interface Template {
  Resources: Readonly<Record<string, TemplateResource>>
}

/** What `cdk deploy` would deploy for a tenant. */
export interface SynthesizedStack {
  template: Template
  /** the folder of an asset, by the S3 key the template gives it */
  assets: ReadonlyMap<string, string>
  /** deletes the synthesized files; the bundles are gone with them */
  dispose(): void
}

export interface SynthesizeOptions {
  settings: TenantSettings
  rules: readonly RuleDeclaration[]
  functionsDirectory?: string | undefined
  /** what one client may ask for. @default as much as can be set */
  perClient?: PerClient | undefined
}

export type PerClient = Pick<Throttling, 'requestsPerClient' | 'burstPerClient'>

/** A machine of one's own has one client as a rule, who may be in a hurry. */
const AS_MUCH_AS_CAN_BE: PerClient = { requestsPerClient: 10_000, burstPerClient: 5_000 }

interface AssetManifest {
  files: Readonly<Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>>
}

/** Synthesizes the tenant's stack, without AWS credentials, into a temporary folder. */
export const synthesize = async (options: SynthesizeOptions): Promise<SynthesizedStack> => {
  const { settings, rules, functionsDirectory, perClient = AS_MUCH_AS_CAN_BE } = options
  const outdir = mkdtempSync(join(tmpdir(), 'careloop-'))
  const dispose = () => {
    process.removeListener('exit', dispose)
    rmSync(outdir, { recursive: true, force: true })
  }
  process.once('exit', dispose)
  try {
    // `cdk synth` validates; here it would triple the time and the memory.
    const app = new App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
    })
    const bundles = await bundleFunctions(join(outdir, 'bundles'), functionsDirectory)
    const deployment = { ...defaultDeployment, throttling: { ...defaultDeployment.throttling, ...perClient } }
    new TenantStack(app, stackNameOf(settings.id), { settings, rules, bundles, deployment })
    const stack = app.synth().getStackByName(stackNameOf(settings.id))
    return { template: stack.template as Template, assets: assetFolders(stack.id, outdir), dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

/** The folder of each asset of a stack, by the S3 key that its template gives it. */
export const assetFolders = (artifactId: string, outdir: string): Map<string, string> => {
  const { files } = JSON.parse(readFileSync(join(outdir, `${artifactId}.assets.json`), 'utf8')) as AssetManifest
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, join(outdir, source.path)] as const),
    ),
  )
}
