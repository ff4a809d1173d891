import { baseFunction, type SchemaFile, type SchemaWriter } from './schemas.ts'
import { HEADER, importOf, kebabCase, quoted } from './text.ts'

const WORDS = ['anyResource', 'type Choice', 'choice', 'many', 'maybe', 'must', 'mustChoose', 'objectsWith']
const MORE_WORDS = ['resourceType', 'type Shape', 'some']
const RESTRICTIONS = ['coded', 'simple', 'type Restricted', 'targeting']

const ownImports = (text: string): string[] => [
  ...importOf(text, ['invariants'], '../../invariants/core.ts'),
  ...importOf(text, ['furtherInvariants'], '../../invariants/further.ts'),
  ...(/\bp\.\w/.test(text) ? [`import * as p from '../../primitive.ts'`] : []),
  `import type { Schema } from '../../primitive.ts'`,
  ...importOf(text, RESTRICTIONS, '../../restrictions.ts'),
  ...importOf(text, [...WORDS, ...MORE_WORDS], '../../schema.ts'),
]
const codeImport = (text: string): string[] => (/\bv\.\w/.test(text) ? [`import * as v from './value-sets.ts'`] : [])

const OWN_WORDS = [
  'export const object = objectsWith(() => Element)',
  'export const reference = (...types: string[]): Restricted => targeting(Reference, types)',
]

const BASES = ['Element', 'BackboneElement', 'Resource', 'DomainResource']

interface Datatypes {
  text: string
  names: string[]
}

/** The datatypes that `files` need besides those `given`, and those that these need in turn; each is written once. */
const datatypesNeeded = (
  writer: SchemaWriter,
  files: readonly SchemaFile[],
  given: readonly string[] = [],
): Map<string, SchemaFile> => {
  const written = new Map<string, SchemaFile>()
  const wanted = files.flatMap((file) => [...file.datatypes])
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name === 'anyDatatype' || written.has(name) || given.includes(name)) continue
    const file = writer.type(name)
    written.set(name, file)
    wanted.push(...file.datatypes)
  }
  return written
}

const datatypesFile = (writer: SchemaWriter, files: readonly SchemaFile[]): Datatypes => {
  const shared = [...BASES.map((base) => writer.base(base)), writer.openChoice()]
  const written = datatypesNeeded(writer, [...files, ...shared])
  if (!written.has('Element')) written.set('Element', writer.type('Element'))
  const types = [...written].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const declarations = [...shared, ...types.map(([, file]) => file)].flatMap((file) => file.declarations)
  const body = [...OWN_WORDS, ...declarations].join('\n\n')
  const names = ['anyDatatype', 'object', 'reference', ...BASES.map(baseFunction), ...types.map(([name]) => name)]
  return { text: [HEADER, ...ownImports(body), ...codeImport(body), '', body, ''].join('\n'), names }
}

const listOf = (codes: readonly string[]): string => `[${codes.map(quoted).join(', ')}]`

const valueSetsFile = (writer: SchemaWriter): string => {
  const sets = [...writer.enumerations].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = sets.map(([name, codes]) => `export const ${name} = oneOf(${listOf(codes)})`)
  const codings = [...writer.codings]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bySystem]) => {
      const systems = Object.entries(bySystem).map(([system, codes]) => `${quoted(system)}: ${listOf(codes)}`)
      return `export const ${name}: Codings = { ${systems.join(', ')} }`
    })
  const imports = [
    `import { oneOf } from '../../primitive.ts'`,
    ...(codings.length ? [`import type { Codings } from '../../restrictions.ts'`] : []),
  ]
  return [HEADER, ...imports, '', ...lines, ...codings, ''].join('\n')
}

const indexFile = (types: readonly string[], comment = 'The schemas of whole resources, by type.'): string =>
  [
    HEADER,
    `import type { Schema } from '../../primitive.ts'`,
    ...types.map((type) => `import { ${type} } from './${kebabCase(type)}.ts'`),
    '',
    `/** ${comment} */`,
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
  return [
    ...files.map(([type, file]) => resourceFile('schemas', type, file, [['./datatypes.ts', datatypes.names]])),
    ['schemas/datatypes.ts', datatypes.text],
    ['schemas/value-sets.ts', valueSetsFile(writer)],
    ['schemas/index.ts', indexFile(types)],
  ]
}

type Import = readonly [from: string, names: readonly string[]]

const resourceFile = (
  folder: string,
  type: string,
  { declarations }: SchemaFile,
  imports: readonly Import[],
): [name: string, text: string] => {
  const body = declarations.join('\n\n')
  const lines = [
    ...ownImports(body),
    ...imports.flatMap(([from, names]) => importOf(body, names, from)),
    ...codeImport(body),
  ]
  return [`${folder}/${kebabCase(type)}.ts`, [HEADER, ...lines, '', body, ''].join('\n')]
}

const FURTHER = 'further-schemas'

/**
 * The same of further `types`, in a folder of its own that is loaded only when one of them is looked at in full; they are made of the
 * datatypes of {@link schemaFiles}, named by `given`, and some more.
 */
export const furtherSchemaFiles = (
  writer: SchemaWriter,
  types: readonly string[],
  given: readonly string[],
): [name: string, text: string][] => {
  const files = types.map((type) => [type, writer.type(type)] as const)
  const more = datatypesNeeded(
    writer,
    files.map(([, file]) => file),
    given,
  )
  const shared: Import = ['../schemas/datatypes.ts', given]
  const names = [...more.keys()].sort()
  const declarations = names.flatMap((name) => more.get(name)!.declarations)
  const datatypes = resourceFile(FURTHER, 'datatypes', { declarations, datatypes: new Set() }, [shared])
  return [
    ...files.map(([type, file]) => resourceFile(FURTHER, type, file, [shared, ['./datatypes.ts', names]])),
    datatypes,
    [`${FURTHER}/value-sets.ts`, valueSetsFile(writer)],
    [
      `${FURTHER}/index.ts`,
      indexFile(types, 'The schemas of the supporting types, by type: see lib/profiles/structure.ts.'),
    ],
  ]
}

/** The names that lib/resources/generated/schemas/datatypes.ts exports for `types`. */
export const datatypeNames = (writer: SchemaWriter, types: readonly string[]): string[] =>
  datatypesFile(
    writer,
    types.map((type) => writer.type(type)),
  ).names
