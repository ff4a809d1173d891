/** Where the runtime pretends to be. */
export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'

/** Names of the deployed resources, as CloudFormation's `Ref` and `Fn::GetAtt` would give them. */
export interface ResourceNames {
  /** the physical name of a resource. @throws Error when it has none here */
  ref(logicalId: string): string
  /** an attribute such as `Arn`. @throws Error when it has none here */
  attribute(logicalId: string, name: string): string
}

/** A value of a template with its intrinsic functions replaced. */
export type Resolved = string | number | boolean | null | Resolved[] | { [key: string]: Resolved }

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

/**
 * Replaces `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::Split` and `Fn::Select` in a part of a template.
 * @throws Error on any other intrinsic function, rather than to run with something else than what is deployed
 */
export const resolveIntrinsics = (value: unknown, names: ResourceNames): Resolved => {
  const text = (part: unknown): string => {
    const resolved = resolveIntrinsics(part, names)
    if (typeof resolved === 'object')
      throw new Error(`the template joins something that is no text: ${JSON.stringify(part)}`)
    return String(resolved)
  }
  const reference = (name: string): string => PSEUDO_PARAMETERS[name] ?? names.ref(name)
  const attribute = (path: string | readonly string[]): string => {
    const [logicalId = '', ...rest] = typeof path === 'string' ? path.split('.') : path
    return names.attribute(logicalId, rest.join('.'))
  }
  const substitute = (argument: string | readonly [string, Record<string, unknown>]): string => {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : argument
    return template.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`
      if (Object.hasOwn(variables, name)) return text((variables as Record<string, unknown>)[name])
      return name.includes('.') ? attribute(name) : reference(name)
    })
  }

  if (Array.isArray(value)) return value.map((element) => resolveIntrinsics(element, names))
  if (value === null || typeof value !== 'object') return value as Resolved
  const entries = Object.entries(value as Record<string, unknown>)
  const [[name, argument] = ['', undefined]] = entries
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    if (name === 'Ref') return reference(argument as string)
    if (name === 'Fn::GetAtt') return attribute(argument as string | string[])
    if (name === 'Fn::Sub') return substitute(argument as string)
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]]
      return parts.map(text).join(separator)
    }
    if (name === 'Fn::Split') {
      const [separator, whole] = argument as [string, unknown]
      return text(whole).split(separator)
    }
    if (name === 'Fn::Select') {
      const [index, list] = argument as [number, unknown]
      return (resolveIntrinsics(list, names) as Resolved[])[Number(index)] ?? null
    }
    throw new Error(
      `the one-machine runtime does not know the intrinsic function ${name}; teach it in local/intrinsics.ts`,
    )
  }
  return Object.fromEntries(entries.map(([key, element]) => [key, resolveIntrinsics(element, names)]))
}
