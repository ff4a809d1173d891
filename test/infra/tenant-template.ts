import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { ROUTES } from '../../infra/constructs/api.ts'
import { AUTHORIZER } from '../../infra/constructs/authorizer.ts'
import { PUBLISH } from '../../infra/constructs/events.ts'
import { WAKE } from '../../infra/constructs/schedule.ts'
import { type DeploymentSettings, defaultDeployment } from '../../infra/deployment.ts'
import { TenantStack } from '../../infra/tenant-stack.ts'
import { rules } from '../../lib/events/rules.ts'
import { defaultSettings } from '../../lib/tenant.ts'

export const API_FUNCTIONS = [...new Set(ROUTES.map(([, name]) => name))]
export const CONSUMERS = [...new Set(rules.map(({ target }) => target))]
export const FUNCTIONS = [...API_FUNCTIONS, ...CONSUMERS, AUTHORIZER, PUBLISH, WAKE]

const folder = mkdtempSync(join(tmpdir(), 'careloop-stack-'))
writeFileSync(join(folder, 'index.mjs'), 'export const handler = () => {}')
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The stack of a tenant with functions that do nothing, in an app that does not validate: not what these tests are about. */
export const createStack = (
  deployment: Partial<DeploymentSettings> = {},
  functions: readonly string[] = FUNCTIONS,
): { app: App; stack: TenantStack } => {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false })
  const bundles = new Map(functions.map((name) => [name, folder]))
  const stack = new TenantStack(app, 'tenant', {
    settings: defaultSettings,
    deployment: { ...defaultDeployment, ...deployment },
    bundles,
    rules,
  })
  return { app, stack }
}

export interface Statement {
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource: unknown
  Condition?: Record<string, Record<string, unknown>>
  Principal?: unknown
}

interface TemplateResource {
  Properties: Record<string, unknown>
}

/** A synthesized tenant, to ask. */
export class TenantTemplate {
  readonly template: Template

  constructor(deployment: Partial<DeploymentSettings> = {}) {
    this.template = Template.fromStack(createStack(deployment).stack)
  }

  /** Properties of the resources of a type, by logical id. */
  all(type: string): Record<string, Record<string, unknown>> {
    const found = this.template.findResources(type) as Record<string, TemplateResource>
    return Object.fromEntries(Object.entries(found).map(([id, { Properties }]) => [id, Properties]))
  }

  /** Logical id of the function of `functions/<name>.ts`. */
  functionId(name: string): string {
    const ids = Object.entries(this.all('AWS::Lambda::Function'))
      .filter(([, { Description }]) => Description === `functions/${name}.ts`)
      .map(([id]) => id)
    if (ids.length !== 1) throw new Error(`${ids.length} functions are functions/${name}.ts`)
    return ids[0]!
  }

  roleId(name: string): string {
    const { Role } = this.all('AWS::Lambda::Function')[this.functionId(name)] as { Role: { 'Fn::GetAtt': [string] } }
    return Role['Fn::GetAtt'][0]
  }

  /** What the role of a function allows and denies. */
  statementsOf(name: string): Statement[] {
    const role = this.roleId(name)
    return Object.values(this.all('AWS::IAM::Policy'))
      .filter(({ Roles }) => (Roles as { Ref: string }[]).some(({ Ref }) => Ref === role))
      .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)
  }

  /** What the role of a function allows, under whatever condition. */
  actionsOf(name: string): string[] {
    return this.statementsOf(name)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action)
  }
}
