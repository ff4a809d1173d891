import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CapabilityStatement, StructureDefinition } from 'fhir/r4'
import { readPackage } from '../generate/package.ts'

/** What FSH is compiled to: texts by file name below fhir-profiles. */
export type Compiled = ReadonlyMap<string, string>

const SUSHI = join(import.meta.dirname, 'node_modules/fsh-sushi/dist/app.js')

/** Whether the compiler is installed: `npm run fsh` installs it. */
export const hasSushi = existsSync(SUSHI)

const FOLDERS: Readonly<Record<string, string>> = {
  CapabilityStatement: 'capability-statements',
  StructureDefinition: 'structure-definitions',
}

/**
 * Compiles fhir-profiles/fsh by SUSHI, without a network when the packages it depends on are given.
 * @param packages .tgz files of FHIR packages; none: those that SUSHI finds or loads itself
 * @throws Error with the compiler's messages when the sources are wrong
 */
export const compileFsh = (packages: readonly string[]): { compiled: Compiled; messages: string } => {
  const temporary = mkdtempSync(join(tmpdir(), 'careloop-fsh-'))
  try {
    for (const path of packages) unpack(path, join(temporary, '.fhir/packages'))
    const { status, stdout } = spawnSync(
      process.execPath,
      [SUSHI, 'build', import.meta.dirname, '-s', '-o', temporary],
      {
        encoding: 'utf8',
        env: { ...process.env, ...(packages.length && withoutNetwork(temporary)) },
      },
    )
    const messages = stdout
      .split('\n')
      // It offers itself newer packages, of which nothing here makes use.
      .filter((line) => /^(warn|error)/.test(line) && !line.includes('automatically-provided'))
      .join('\n')
    if (status !== 0) throw new Error(`SUSHI does not compile fhir-profiles/fsh:\n${messages || stdout}`)
    return { compiled: written(join(temporary, 'fsh-generated/resources')), messages }
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

/** SUSHI looks for packages below the home folder, and asks registries for newer ones: what it compiles to would depend on the day. */
const withoutNetwork = (home: string): Record<string, string> => ({
  HOME: home,
  USERPROFILE: home,
  FPL_REGISTRY: 'http://localhost:9',
  npm_config_offline: 'true',
})

const unpack = (path: string, folder: string): void => {
  const files = readPackage(path)
  const { name, version } = JSON.parse(files.get('package.json')!) as { name: string; version: string }
  const target = join(folder, `${name}#${version}`, 'package')
  for (const [file, text] of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    writeFileSync(join(target, file), text)
  }
}

type Definition = StructureDefinition | CapabilityStatement

const written = (folder: string): Compiled =>
  new Map(
    readdirSync(folder)
      .sort()
      .map((file): [string, string] => {
        const definition = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Definition
        const target = FOLDERS[definition.resourceType]
        if (!target) throw new Error(`There is no folder for a ${definition.resourceType}: name one in compile-fsh.ts`)
        return [`${target}/${definition.id}.json`, `${JSON.stringify(withoutMappings(definition), null, 2)}\n`]
      }),
  )

/** How R4's elements map to other standards is said by R4; repeated here it is a third of a snapshot. */
const withoutMappings = (definition: Definition): Definition => {
  if (definition.resourceType !== 'StructureDefinition') return definition
  const { mapping: _mapping, snapshot, ...rest } = definition
  const element = (snapshot?.element ?? []).map(({ mapping: _of, ...kept }) => kept)
  return { ...rest, ...(snapshot && { snapshot: { ...snapshot, element } }) } as StructureDefinition
}
