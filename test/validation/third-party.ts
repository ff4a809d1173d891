import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readPackage } from '../../fhir-profiles/generate/package.ts'
import type { Resource } from '../../lib/fhir.ts'
import { parseJson } from '../../lib/json.ts'
import { declarations } from '../../lib/resources/index.ts'
import { readGuide } from '../../local/ig/read-guide.ts'
import { addGuide } from '../../local/ig/stored-guides.ts'
import { data, hasPackages, jsonFiles, usCorePackage } from '../fhir-profiles/published.ts'
import type { TestApi } from '../support/api.ts'

const SDOH = join(data, 'ig/sdoh-clinicalcare-3.0.0')

export const hasThirdPartyData = hasPackages && existsSync(SDOH) && jsonFiles('synthea').length > 0

/** A resource of a served type as somebody published it. */
export interface Published {
  /** e.g. `synthea` */
  collection: string
  file: string
  resource: Resource
}

type Loose = Resource & { entry?: { resource?: Loose }[] }

const resourcesIn = (resource: Loose | undefined): Resource[] => {
  if (resource?.resourceType === 'Bundle') return (resource.entry ?? []).flatMap((entry) => resourcesIn(entry.resource))
  return resource && declarations.has(resource.resourceType) ? [resource] : []
}

const resourcesOfText = (text: string): Resource[] | undefined => {
  try {
    return resourcesIn(parseJson(text) as Loose)
  } catch {
    return undefined
  }
}

/** Files that are no JSON. */
export const notJson: string[] = []

const ofTexts = (collection: string, texts: readonly (readonly [file: string, text: string])[]): Published[] =>
  texts.flatMap(([file, text]) => {
    const resources = resourcesOfText(text)
    if (!resources) notJson.push(file)
    return (resources ?? []).map((resource) => ({ collection, file, resource }))
  })

const ofFolder = (folder: string): Published[] =>
  ofTexts(
    folder,
    jsonFiles(folder).map((path) => [relative(data, path), readFileSync(path, 'utf8')]),
  )

/** Every resource of a served type in the data beside the checkout. */
export const published = (): Published[] => [
  ...ofTexts(
    'us-core',
    [...readPackage(usCorePackage)].map(([name, text]) => [`us-core/${name}`, text] as const),
  ),
  ...ofFolder('ig'),
  ...ofFolder('care-samples'),
  ...ofFolder('synthea'),
]

/** The API as the server that `npm run ig` talks to. */
export const asServer = (api: TestApi) => ({
  base: 'https://api.test/fhir',
  post: async (bundle: unknown) => {
    const { status, body } = await api.post('', bundle)
    return { status, body }
  },
})

/** US Core 8.0.0 and SDOH Clinical Care 3.0.0, added as a tenant adds them. */
export const addGuides = async (api: TestApi): Promise<void> => {
  for (const path of [usCorePackage, SDOH]) await addGuide(asServer(api), readGuide(path))
}
