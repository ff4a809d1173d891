import type { CodeSystem, ImplementationGuide, StructureDefinition, ValueSet } from 'fhir/r4'
import { type PackageFiles, readPackage } from '../../fhir-profiles/generate/package.ts'
import { parseJson } from '../../lib/json.ts'
import { CannotLoad } from '../load/cannot-load.ts'

/** What validation needs of a package; its other resources stay where they are. */
const KINDS = ['StructureDefinition', 'ValueSet', 'CodeSystem'] as const

export type Definition = StructureDefinition | ValueSet | CodeSystem

/** An implementation guide as it is published. https://hl7.org/fhir/packages.html */
export interface Guide {
  /** `hl7.fhir.us.core#8.0.0` */
  key: string
  packageId: string
  version: string
  url: string
  title: string
  definitions: Definition[]
  /** what cannot be used, and why */
  refused: { name: string; reason: string }[]
}

interface Manifest {
  name?: string
  version?: string
  canonical?: string
  title?: string
}

const isKind = (type: unknown): boolean => KINDS.some((kind) => kind === type)

const parsed = (text: string): Record<string, unknown> | undefined => {
  try {
    const content = parseJson(text)
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const reasonAgainst = ({ resourceType, url, ...rest }: Definition): string | undefined => {
  if (!url) return 'it has no url, so that nothing can name it'
  const hasSnapshot = 'snapshot' in rest && rest.snapshot?.element?.length
  return resourceType === 'StructureDefinition' && !hasSnapshot
    ? 'it has a differential only; add a package that was published with snapshots'
    : undefined
}

/** Narratives are made from the rest, and are most of a published definition. */
const withoutNarrative = ({ text: _text, id: _id, ...rest }: Definition): Definition => rest as Definition

const guideIn = (files: PackageFiles): ImplementationGuide | undefined => {
  const name = [...files.keys()].find((file) => file.startsWith('ImplementationGuide-'))
  return name === undefined ? undefined : (parsed(files.get(name)!) as ImplementationGuide | undefined)
}

/**
 * Reads a package: a `.tgz`, or the folder it was unpacked to.
 * @throws CannotLoad when it is none, or of another version of FHIR
 */
export const readGuide = (path: string): Guide => {
  const files = packageFiles(path)
  const manifest = parsed(files.get('package.json') ?? '{}') as Manifest
  const guide = guideIn(files)
  const packageId = manifest.name ?? guide?.packageId
  const version = manifest.version ?? guide?.version
  if (!packageId || !version)
    throw new CannotLoad(
      `${path} holds neither a package.json nor an ImplementationGuide that says its name and version.`,
    )
  const result: Guide = {
    key: `${packageId}#${version}`,
    packageId,
    version,
    url: guide?.url ?? `${manifest.canonical ?? `urn:careloop:package:${packageId}`}/ImplementationGuide/${packageId}`,
    title: guide?.title ?? manifest.title ?? packageId,
    definitions: [],
    refused: [],
  }
  for (const [name, text] of files) {
    if (name.startsWith('example/')) continue
    const content = parsed(text)
    if (!content || !isKind(content.resourceType)) continue
    const definition = content as unknown as Definition
    const reason = reasonAgainst(definition)
    if (reason) result.refused.push({ name, reason })
    else result.definitions.push(withoutNarrative(definition))
  }
  if (!result.definitions.length)
    throw new CannotLoad(`${path} holds nothing that can be used: ${result.refused[0]?.reason ?? 'no definitions'}.`)
  return result
}

const packageFiles = (path: string): PackageFiles => {
  try {
    return readPackage(path)
  } catch (error) {
    throw new CannotLoad(`${path} cannot be read as a FHIR package (${(error as Error).message}).`)
  }
}
