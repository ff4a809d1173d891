import type { Resource } from '../fhir.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { declarations, parametersOf } from '../resources/index.ts'
import { isFor } from './is-for.ts'
import type { Route } from './routes.ts'

/** https://spec.openapis.org/oas/v3.1.0 */
export const openApi =
  (routes: () => readonly Route[]): Interaction =>
  async ({ tenant }, { baseUrl }) => ({
    status: 200,
    // No resource, but sent as one.
    resource: openApiDocument(routes(), { title: tenant.name, url: baseUrl }) as unknown as Resource,
    mediaType: 'application/json; charset=utf-8',
  })

type Operation = Record<string, unknown>
type Paths = Record<string, Record<string, Operation>>

const PLACES = /\[(type|id|vid)\]/g
const ID_SCHEMA = { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' }

/**
 * What this service does as OpenAPI 3.1, made from the route table and the declarations of the types. What a type's URLs share stands
 * once, with the type as a parameter; searches stand by type, since each has parameters of its own.
 */
export const openApiDocument = (
  routes: readonly Route[],
  { title, url }: { title: string; url: string },
): Record<string, unknown> => {
  const types = [...declarations.keys()].sort()
  const paths: Paths = {}
  const add = (path: string, { method }: Route, operation: Operation) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation }
  }
  for (const route of routes) {
    // One that is told from another by its body only is the same operation.
    const known = paths[templateOf(route.path)]?.[route.method.toLowerCase()]
    if (known) known.summary = `${known.summary}, ${route.interaction}`
    else
      add(
        templateOf(route.path),
        route,
        operationOf(
          route,
          types.filter((type) => isFor(route, type)),
        ),
      )
  }
  // A path with the type written out goes before one with a parameter, for all of its methods.
  for (const type of types)
    for (const route of routes.filter((each) => each.path === '[type]' && isFor(each, type)))
      add(`/${type}`, route, operationOf(route, undefined, type))
  return {
    openapi: '3.1.0',
    info: { title, version: '4.0.1', description: 'FHIR R4. The CapabilityStatement is at /metadata.' },
    servers: [{ url }],
    paths,
    components: { schemas: { Resource: RESOURCE, OperationOutcome: RESOURCE } },
  }
}

const RESOURCE = { type: 'object', required: ['resourceType'], properties: { resourceType: { type: 'string' } } }

const templateOf = (path: string): string => `/${path.replaceAll(PLACES, '{$1}')}`

const operationOf = (
  { interaction, method, path, body, optionalBody, capabilities, besides = [] }: Route,
  types: readonly string[] | undefined,
  type?: string,
): Operation => {
  const places = [...path.matchAll(PLACES)].map(([, name]) => name!).filter((name) => !(type && name === 'type'))
  const parameters = [
    ...places.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: name === 'type' ? { type: 'string', enum: types } : ID_SCHEMA,
    })),
    ...(interaction === 'search-type' && type ? searchParametersOf(type) : []),
    ...(capabilities?.conditionalCreate ? [{ name: 'If-None-Exist', in: 'header', schema: { type: 'string' } }] : []),
  ]
  return {
    summary: interaction,
    ...(type && { tags: [type] }),
    ...(parameters.length && { parameters }),
    ...(body && { requestBody: { required: !optionalBody, content: contentOf(body) } }),
    responses: {
      ...(method === 'DELETE'
        ? { 204: { description: 'Done.' } }
        : { '2XX': { description: 'Done.', content: { ...FHIR, ...textsOf(besides) } } }),
      default: { description: 'Refused: an OperationOutcome says why.', content: OUTCOME },
    },
  }
}

const schemaOf = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } })
const textsOf = (mediaTypes: readonly string[]) =>
  Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' } }]))
const FHIR = { 'application/fhir+json': schemaOf('Resource') }
const OUTCOME = { 'application/fhir+json': schemaOf('OperationOutcome') }

/** The media types that mean different things; the other names of FHIR's JSON are for old clients. */
const CONTENTS: Readonly<Record<string, unknown>> = {
  'application/json-patch+json': { schema: { type: 'array', items: { type: 'object' } } },
  'application/fhir+json': schemaOf('Resource'),
  'application/x-www-form-urlencoded': { schema: { type: 'object' } },
}

const contentOf = (body: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(body.flatMap((type) => (CONTENTS[type] ? [[type, CONTENTS[type]]] : [])))

const searchParametersOf = (type: string): Record<string, unknown>[] =>
  [...parametersOf(type).values()].map(({ code, type: kind }) => ({
    name: code,
    in: 'query',
    description: kind,
    // May be repeated: all of them have to be met.
    schema: { type: 'array', items: { type: 'string' } },
    explode: true,
  }))
