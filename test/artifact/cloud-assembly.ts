import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stackNameOf } from '../../infra/tenant-stack.ts'
import { assetFolders, type SynthesizedStack, type Template } from '../../local/synthesize.ts'

/** Runs the app as `npx cdk synth` does, which tells it by these variables where to write and for whom. */
export const cloudAssembly = (tenant: string): SynthesizedStack => {
  const outdir = mkdtempSync(join(tmpdir(), 'careloop-cdk-out-'))
  const dispose = () => rmSync(outdir, { recursive: true, force: true })
  const app = join(import.meta.dirname, '../../infra/app.ts')
  const { status, stderr } = spawnSync(process.execPath, [app], {
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ tenant }) },
    encoding: 'utf8',
  })
  if (status !== 0) {
    dispose()
    throw new Error(`infra/app.ts ended with ${status}: ${stderr}`)
  }
  const name = stackNameOf(tenant)
  const template = JSON.parse(readFileSync(join(outdir, `${name}.template.json`), 'utf8')) as Template
  return { template, assets: assetFolders(name, outdir), dispose }
}
