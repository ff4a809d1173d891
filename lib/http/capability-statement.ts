import type {
  CapabilityStatement,
  CapabilityStatementRestInteraction,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
} from 'fhir/r4'
import type { Instant, Resource } from '../fhir.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { declarations, parametersOf } from '../resources/index.ts'
import type { Route } from './routes.ts'

/** https://hl7.org/fhir/R4/http.html#capabilities */
export const capabilities =
  (routes: () => readonly Route[]): Interaction =>
  async ({ tenant, clock }, { baseUrl }) => ({
    status: 200,
    resource: capabilityStatement(routes(), { name: tenant.name, baseUrl, date: clock.now() }) as unknown as Resource,
  })

/** What this service does, made from the route table and the declarations of the types. https://hl7.org/fhir/R4/capabilitystatement.html */
export const capabilityStatement = (
  routes: readonly Route[],
  { name, baseUrl, date }: { name: string; baseUrl: string; date: Instant },
): CapabilityStatement => {
  const ofTypes = routes.filter(({ path }) => path.startsWith('[type]'))
  const ofSystem = routes.filter((route) => !ofTypes.includes(route) && route.interaction !== 'capabilities')
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Careloop' },
    implementation: { description: name, url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        resource: [...declarations.keys()].sort().map((type) => resourceOf(type, ofTypes)),
        interaction: codesOf(ofSystem) as CapabilityStatementRestInteraction[],
      },
    ],
  }
}

const codesOf = (routes: readonly Route[]): { code: string }[] =>
  [...new Set(routes.map(({ interaction }) => interaction))].map((code) => ({ code }))

const resourceOf = (type: string, routes: readonly Route[]): CapabilityStatementRestResource => ({
  type,
  profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
  interaction: codesOf(routes) as CapabilityStatementRestResourceInteraction[],
  ...Object.assign({}, ...routes.map((route) => route.capabilities)),
  // References are kept as they are: to entries of a transaction they are resolved, others are not checked.
  referencePolicy: ['literal', 'logical'],
  searchParam: [...parametersOf(type).values()].map((parameter) => ({ name: parameter.code, type: parameter.type })),
})
