import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle, FhirResource } from 'fhir/r4'
import { readPackage } from '../../fhir-profiles/generate/package.ts'
import { BEGINNING, TIME_ZONE, tellDischargeStory } from '../../local/demo/discharge-story.ts'
import { createNarrator } from '../../local/demo/narrator.ts'
import { type Service, startService } from '../../local/demo/service.ts'
import { storySteps } from '../fhir-profiles/examples.ts'
import { hasPackages, usCorePackage } from '../fhir-profiles/published.ts'

/**
 * `npm run validate:examples`: has the validator of HAPI FHIR, which knows nothing of Careloop, look at our examples and at all that the
 * service holds and says after two stories. Needs Maven, and US Core 8.0.0 where CARELOOP_DATA says. Exit 1 when it finds an error.
 */

const project = join(import.meta.dirname, 'pom.xml')
const profiles = join(import.meta.dirname, '../../fhir-profiles')
const DEFINITIONS = [
  'structure-definitions',
  'value-sets',
  'code-systems',
  'search-parameters',
  'operation-definitions',
]

const answered = async ({ baseUrl, token }: Service, path: string, body?: object): Promise<FhirResource> => {
  const response = await fetch(path.startsWith('http') ? path : baseUrl + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/fhir+json',
      'content-type': 'application/fhir+json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path || '/'} was answered with ${response.status}: ${await response.text()}`)
  return (await response.json()) as FhirResource
}

/** The Bundles of a list, and what they hold. */
const listed = async (service: Service, first: string): Promise<FhirResource[]> => {
  const found: FhirResource[] = []
  for (let url: string | undefined = first; url; ) {
    const bundle = (await answered(service, url)) as Bundle
    found.push(bundle, ...(bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource as FhirResource] : [])))
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url
  }
  return found
}

/** All that the service holds, in all its versions, and what it says of itself. */
const everything = async (service: Service): Promise<FhirResource[]> => [
  // In a history several versions share a fullUrl, which the validator takes for a mistake.
  ...(await listed(service, '/_history?_count=100')).filter(({ resourceType }) => resourceType !== 'Bundle'),
  ...(await listed(service, '/AuditEvent?_count=100')),
  await answered(service, '/metadata'),
]

type Story = (service: Service) => Promise<void>

const stories: Readonly<Record<string, Story>> = {
  discharge: (service) => tellDischargeStory({ service, narrator: createNarrator(TIME_ZONE, () => undefined) }),
  // The service adds work of its own to the plan, which has to be closed before the plan can be.
  'admission-to-closed-plan': async (service) => {
    for (const [, transaction] of storySteps('story-admission-to-closed-plan').slice(0, -1))
      await answered(service, '', transaction)
  },
}

const write = (folder: string, name: string, resource: unknown): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(resource))
}

const validated = async (folder: string): Promise<void> => {
  for (const [story, tell] of Object.entries(stories)) {
    const service = await startService(BEGINNING)
    try {
      await tell(service)
      for (const [index, resource] of (await everything(service)).entries())
        write(join(folder, story), `${story}-${index}-${resource.resourceType}-${resource.id ?? ''}`, resource)
    } finally {
      await service.stop()
    }
  }
  cpSync(join(profiles, 'examples'), join(folder, 'examples'), { recursive: true })
}

const packaged = (folder: string): void => {
  for (const [name, text] of readPackage(usCorePackage)) {
    const resource = JSON.parse(text) as { resourceType?: string }
    const { resourceType = '' } = resource
    if (['StructureDefinition', 'ValueSet', 'CodeSystem'].includes(resourceType))
      write(folder, name.slice(0, -5), resource)
  }
}

if (!hasPackages)
  throw new Error(
    'US Core 8.0.0 is not there: set CARELOOP_DATA to the folder that has packages/hl7.fhir.us.core-8.0.0.tgz',
  )
const folder = mkdtempSync(join(tmpdir(), 'careloop-hapi-'))
try {
  await validated(join(folder, 'resources'))
  packaged(join(folder, 'us-core'))
  const folders = ['resources', 'us-core'].map((name) => join(folder, name))
  const parameters = [...folders, ...DEFINITIONS.map((name) => join(profiles, name))].map((path) => `'${path}'`)
  const { status, error } = spawnSync(
    'mvn',
    ['-q', '-B', '-f', project, 'compile', 'exec:java', `-Dexec.args=${parameters.join(' ')}`],
    { stdio: 'inherit' },
  )
  if (error) throw new Error(`Maven could not be started: ${error.message}`)
  process.exitCode = status ?? 1
} finally {
  if (!process.env.KEEP) rmSync(folder, { recursive: true })
}
