import type {
  CapabilityStatement,
  CapabilityStatementRestInteraction,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  CapabilityStatementRestResourceSearchParam,
} from 'fhir/r4'
import type { Instant, Resource } from '../fhir.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { searchedBy } from '../interactions/search-parameter.ts'
import { declarations, parametersOf } from '../resources/index.ts'
import type { SearchParameter } from '../search/parameter.ts'
import type { TenantSettings } from '../tenant.ts'
import { isFor } from './is-for.ts'
import { FHIR_JSON_TYPE, JSON_PATCH_TYPE } from './media-type.ts'
import type { Route } from './routes.ts'
import { restSecurity } from './smart-configuration.ts'

const SEARCH_PARAMETER = 'SearchParameter'
const PATIENT_COMPARTMENT = 'http://hl7.org/fhir/CompartmentDefinition/patient'

/** https://hl7.org/fhir/R4/http.html#capabilities */
export const capabilities =
  (routes: () => readonly Route[]): Interaction =>
  async ({ tenant, clock }, { baseUrl }) => ({
    status: 200,
    resource: capabilityStatement(routes(), tenant, { baseUrl, date: clock.now() }) as unknown as Resource,
  })

/** What this service does, made from the route table and the declarations of the types. https://hl7.org/fhir/R4/capabilitystatement.html */
export const capabilityStatement = (
  routes: readonly Route[],
  tenant: TenantSettings,
  { baseUrl, date }: { baseUrl: string; date: Instant },
): CapabilityStatement => {
  const ofTypes = routes.filter(({ path }) => path.startsWith('[type]'))
  const ofCompartment = routes.filter(({ path }) => path.startsWith('Patient/'))
  const ofSearchParameters = routes.filter(({ path }) => path.startsWith(SEARCH_PARAMETER))
  const ofOthers = [...ofTypes, ...ofCompartment, ...ofSearchParameters]
  const ofSystem = routes.filter((route) => !ofOthers.includes(route) && route.interaction !== 'capabilities')
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Careloop' },
    implementation: { description: tenant.name, url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: [...new Set(routes.filter(({ interaction }) => interaction === 'patch').flatMap(patchFormats))],
    rest: [
      {
        mode: 'server',
        ...restSecurity(tenant),
        resource: [
          ...[...declarations.keys()].sort().map((type) =>
            resourceOf(
              type,
              ofTypes.filter((route) => isFor(route, type)),
              tenant,
            ),
          ),
          ...(ofSearchParameters.length ? [searchParameterResource(ofSearchParameters)] : []),
        ],
        interaction: codesOf(ofSystem) as CapabilityStatementRestInteraction[],
        ...operationsOf('', ofSystem),
        searchParam: searchParametersOfAllTypes(),
        ...(ofCompartment.length && { compartment: [PATIENT_COMPARTMENT] }),
      },
    ],
  }
}

const codesOf = (routes: readonly Route[]): { code: string }[] =>
  [...new Set(routes.map(({ interaction }) => interaction))]
    .filter((code) => !isOperation(code))
    .map((code) => ({ code }))

const isOperation = (code: string): boolean => code.startsWith('$')

/** A FHIRPath Patch is a resource; of the names of FHIR's JSON one is enough. */
const patchFormats = ({ body = [] }: Route): string[] =>
  [JSON_PATCH_TYPE, FHIR_JSON_TYPE].filter((type) => body.includes(type))

const operationsOf = (type: string, routes: readonly Route[]): Pick<CapabilityStatementRestResource, 'operation'> => {
  const operations = new Map(
    routes.flatMap(({ interaction, definition, types }) =>
      definition && (!types || types.includes(type)) ? [[interaction.slice(1), definition] as const] : [],
    ),
  )
  // https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.operation: named queries too
  for (const [name, { definition }] of Object.entries(declarations.get(type)?.queries ?? {}))
    operations.set(name, definition)
  return { operation: [...operations].map(([name, definition]) => ({ name, definition })) }
}

const resourceOf = (
  type: string,
  routes: readonly Route[],
  tenant: TenantSettings,
): CapabilityStatementRestResource => ({
  type,
  profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
  interaction: codesOf(routes) as CapabilityStatementRestResourceInteraction[],
  ...Object.assign({}, ...routes.map((route) => route.capabilities)),
  updateCreate: !declarations.get(type)?.appendOnly && (tenant.updateCreate ?? true),
  referencePolicy: [
    'literal',
    'logical',
    ...((tenant.referentialIntegrity ?? 'enforce') === 'enforce' ? (['enforced'] as const) : []),
  ],
  ...operationsOf(type, routes),
  searchParam: searchParametersOf(type),
  ...includesOf(type),
})

const searchParametersOf = (type: string): CapabilityStatementRestResourceSearchParam[] =>
  [...parametersOf(type).values()].map((parameter) => ({ name: parameter.code, type: parameter.type }))

/** What a search of the whole system takes. */
const searchParametersOfAllTypes = (): CapabilityStatementRestResourceSearchParam[] => {
  const [first, ...others] = [...declarations.keys()]
  return searchParametersOf(first!).filter(({ name }) => others.every((type) => parametersOf(type).has(name)))
}

/** They are made from the declarations and cannot be written. */
const searchParameterResource = (routes: readonly Route[]): CapabilityStatementRestResource => ({
  type: SEARCH_PARAMETER,
  profile: `http://hl7.org/fhir/StructureDefinition/${SEARCH_PARAMETER}`,
  interaction: codesOf(routes) as CapabilityStatementRestResourceInteraction[],
  searchParam: searchedBy.map((name) => ({ name, type: name === 'url' ? 'uri' : 'token' })),
})

const referencesOf = (type: string): SearchParameter[] =>
  [...parametersOf(type).values()].filter((parameter) => parameter.type === 'reference')

/** `Task:focus` for each reference of the type, and for each reference of any type to it. */
const includesOf = (type: string): Pick<CapabilityStatementRestResource, 'searchInclude' | 'searchRevInclude'> => {
  const forwards = referencesOf(type).map(({ code }) => `${type}:${code}`)
  const backwards = [...declarations.keys()].sort().flatMap((other) =>
    referencesOf(other)
      .filter(({ targets }) => targets.includes(type))
      .map(({ code }) => `${other}:${code}`),
  )
  return {
    ...(forwards.length && { searchInclude: ['*', ...forwards] }),
    ...(backwards.length && { searchRevInclude: ['*', ...backwards] }),
  }
}
