import { baseFunction, type SchemaFile, type SchemaWriter } from './schemas.ts'
import { HEADER, importOf, kebabCase, quoted } from './text.ts'

const WORDS = ['anyResource', 'type Choice', 'choice', 'many', 'maybe', 'must', 'mustChoose', 'objectsWith']
const MORE_WORDS = ['resourceType', 'type Shape', 'some', 'type TargetedReference']

const ownImports = (text: string): string[] => [
  ...importOf(text, ['invariants'], '../../invariants.ts'),
  ...(/\bp\.\w/.test(text) ? [`import * as p from '../../primitive.ts'`] : []),
  `import type { Schema } from '../../primitive.ts'`,
  ...importOf(text, [...WORDS, ...MORE_WORDS], '../../schema.ts'),
]
const codeImport = (text: string): string[] => (/\bv\.\w/.test(text) ? [`import * as v from './value-sets.ts'`] : [])

const OWN_WORDS = [
  'export const object = objectsWith(() => Element)',
  'export const reference = (...targets: string[]): TargetedReference => ({ schema: Reference, targets })',
]

const BASES = ['Element', 'BackboneElement', 'Resource', 'DomainResource']

/** The datatypes that `files` need, and those that these need in turn; each is written once. */
const datatypesFile = (writer: SchemaWriter, files: readonly SchemaFile[]): { text: string; names: string[] } => {
  const shared = [...BASES.map((base) => writer.base(base)), writer.openChoice()]
  const written = new Map<string, SchemaFile>()
  const wanted = [...files, ...shared].flatMap((file) => [...file.datatypes])
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name === 'anyDatatype' || written.has(name)) continue
    const file = writer.type(name)
    written.set(name, file)
    wanted.push(...file.datatypes)
  }
  if (!written.has('Element')) written.set('Element', writer.type('Element'))
  const types = [...written].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const declarations = [...shared, ...types.map(([, file]) => file)].flatMap((file) => file.declarations)
  const body = [...OWN_WORDS, ...declarations].join('\n\n')
  const names = ['anyDatatype', 'object', 'reference', ...BASES.map(baseFunction), ...types.map(([name]) => name)]
  return { text: [HEADER, ...ownImports(body), ...codeImport(body), '', body, ''].join('\n'), names }
}

const valueSetsFile = (writer: SchemaWriter): string => {
  const sets = [...writer.enumerations].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = sets.map(([name, codes]) => `export const ${name} = oneOf([${codes.map(quoted).join(', ')}])`)
  return [HEADER, `import { oneOf } from '../../primitive.ts'`, '', ...lines, ''].join('\n')
}

const indexFile = (types: readonly string[]): string =>
  [
    HEADER,
    `import type { Schema } from '../../primitive.ts'`,
    ...types.map((type) => `import { ${type} } from './${kebabCase(type)}.ts'`),
    '',
    '/** The schemas of whole resources, by type. */',
    `export const schemas: Readonly<Record<string, Schema>> = { ${types.join(', ')} }`,
    '',
  ].join('\n')

/** The schemas of `types` and of all they are made of, by file name. */
export const schemaFiles = (writer: SchemaWriter, types: readonly string[]): [name: string, text: string][] => {
  const files = types.map((type) => [type, writer.type(type)] as const)
  const datatypes = datatypesFile(
    writer,
    files.map(([, file]) => file),
  )
  const resources = files.map(([type, { declarations }]): [string, string] => {
    const body = declarations.join('\n\n')
    const imports = [...ownImports(body), ...importOf(body, datatypes.names, './datatypes.ts'), ...codeImport(body)]
    return [`schemas/${kebabCase(type)}.ts`, [HEADER, ...imports, '', body, ''].join('\n')]
  })
  return [
    ...resources,
    ['schemas/datatypes.ts', datatypes.text],
    ['schemas/value-sets.ts', valueSetsFile(writer)],
    ['schemas/index.ts', indexFile(types)],
  ]
}
