import type { StructureDefinition } from 'fhir/r4'

const OURS = 'https://careloop.dev/fhir/StructureDefinition/'

/** What comes with Careloop; loaded when something of it is asked for. */
export const packagedProfile = async (url: string): Promise<StructureDefinition | undefined> => {
  if (!url.startsWith(OURS)) return undefined
  const { structureDefinitions } = await import('./packaged-structure-definitions.ts')
  return structureDefinitions.find((definition) => definition.url === url)
}
