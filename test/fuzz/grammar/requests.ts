import fc from 'fast-check'
import { FORM_TYPES, PATCH_TYPES } from '../../../lib/http/media-type.ts'
import { type Route, routes } from '../../../lib/http/routes.ts'
import type { Token } from '../../support/calling-with.ts'
import type { FuzzRequest } from '../request.ts'
import { adt } from './adt.ts'
import { bundle, message } from './bundles.ts'
import { contentType, headers } from './headers.ts'
import { operationBody, operationQuery } from './operations.ts'
import { patch } from './patches.ts'
import { anyType, oddBody, resourceOf, written } from './resources.ts'
import { type Query, queryText, searchOf } from './search.ts'
import * as values from './values.ts'

/** How a route is called in the report. */
export const routeName = ({ method, path, types, interaction }: Route): string =>
  `${method} /${types ? path.replace('[type]', types.join('|')) : path} (${interaction})`

const VERSIONS = ['1', '1', '2', '0', '-1', '99', '01', 'x', '9'.repeat(30), '1.0', '%31']
const SEARCHES = ['search-type', 'search-system', 'history-type', 'history-system', 'history-instance']

interface Place {
  type: string
  id: string
  path: string
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

const placeOf = ({ path, types }: Route): fc.Arbitrary<Place> =>
  fc
    .tuple(types ? fc.constantFrom(...types) : anyType, values.id, fc.constantFrom(...VERSIONS))
    .map(([type, id, version]) => ({
      type,
      id,
      path: `/${path
        .replace('[type]', type)
        .replace('[id]', () => encoded(id))
        .replace('[vid]', version)}`,
    }))

const queryFor = ({ method, interaction, path }: Route, type: string): fc.Arbitrary<Query> => {
  if (interaction.startsWith('$')) return operationQuery(interaction)
  const isConditional = path === '[type]' && method !== 'POST'
  if (isConditional || SEARCHES.includes(interaction)) return searchOf(type)
  return fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: searchOf(type) })
}

interface Body {
  text: string
  type: string
}

const json = (content: fc.Arbitrary<unknown>): fc.Arbitrary<Body> =>
  written(content).map((text) => ({ text, type: 'application/fhir+json' }))

const bodyFor = ({ interaction, body, path }: Route, { type, id }: Place): fc.Arbitrary<Body | undefined> => {
  if (!body) return fc.constant(undefined)
  if (body === FORM_TYPES) return searchOf(type).map((query) => ({ text: queryText(query), type: FORM_TYPES[0]! }))
  if (body === PATCH_TYPES)
    return patch.chain((one) => written(fc.constant(one.content)).map((text) => ({ text, type: one.type })))
  if (interaction === '$process-message') return json(message)
  if (interaction === '$validate') return json(fc.oneof(resourceOf(type, id), operationBody(interaction)))
  if (interaction.startsWith('$')) return json(operationBody(interaction))
  return json(path === '' ? bundle : resourceOf(type, path.includes('[id]') ? id : undefined))
}

const CALLERS: readonly Token[] = [
  { scope: 'system/*.cruds', clientId: 'backend' },
  { scope: 'system/*.rs', clientId: 'reader' },
  { scope: 'user/*.cruds', fhirUser: 'Practitioner/nora', roles: 'care-manager' },
  { scope: 'user/Task.rs user/Task.u', fhirUser: 'PractitionerRole/1' },
  { scope: 'patient/*.rs', fhirUser: 'Patient/amelia', patient: 'amelia' },
  { scope: 'patient/Task.cruds?status=ready', patient: 'amelia' },
  { scope: 'user/Task.rs?_has:x=1&status', fhirUser: 'https://elsewhere.example/Practitioner/1' },
  { scope: '', clientId: '' },
  { scope: 'user/*.cruds', fhirUser: 'Organization/pantry', roles: 'agency' },
]

const caller = values.seldom(fc.constantFrom(...CALLERS), 4)

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'x']

/** Paths and methods that no route was made for. */
const astray: fc.Arbitrary<(request: FuzzRequest) => FuzzRequest> = fc
  .record({
    kind: fc.constantFrom('method', 'slash', 'dots', 'encoded', 'twice', 'text', 'base64', 'noBody', 'oddBody', 'head'),
    method: fc.constantFrom(...METHODS),
    what: values.strangeName,
    body: oddBody,
  })
  .map(({ kind, method, what, body }) => (request) => {
    const [path = '', ...query] = request.url.split('?')
    const at = (changed: string): FuzzRequest => ({ ...request, url: [changed, ...query].join('?') })
    switch (kind) {
      case 'method':
        return { ...request, method }
      case 'head':
        return request.method === 'GET' ? { ...request, method: 'HEAD' } : request
      case 'slash':
        return at(`${path}//`)
      case 'dots':
        return at(`${path}/../${path}`)
      case 'encoded':
        return at(path.replaceAll('/', '%2F'))
      case 'twice':
        return at(path.replace(/[a-z]/, '%2541'))
      case 'text':
        return at(`${path}/${encoded(what)}`)
      case 'base64':
        return request.body === undefined
          ? request
          : {
              ...request,
              body: Buffer.from(request.body, body.length % 2 ? 'utf8' : 'latin1').toString('base64'),
              isBase64Encoded: true,
            }
      case 'noBody': {
        const { body: _body, ...rest } = request
        return rest
      }
      default:
        return { ...request, body }
    }
  })

const requestFor = (route: Route): fc.Arbitrary<FuzzRequest> =>
  placeOf(route).chain((place) =>
    fc
      .tuple(queryFor(route, place.type), bodyFor(route, place), headers, caller, fc.nat(3))
      .chain(([query, body, sent, by, luck]) =>
        contentType(body?.type ?? '').map((type): FuzzRequest => {
          // What an operation takes stands in its body or in its URL; in both now and then.
          const isInBody =
            body !== undefined && (route.interaction.startsWith('$') || route.body === FORM_TYPES) && luck > 0
          const text = isInBody ? '' : queryText(query)
          return {
            route: routeName(route),
            surface: 'fhir',
            method: route.method,
            url: `${place.path}${text && `?${text}`}`,
            headers: { ...sent, ...(body && { 'Content-Type': type }) },
            ...(body && { body: body.text }),
            ...(by && { caller: by }),
          }
        }),
      ),
  )

const adtRequest: fc.Arbitrary<FuzzRequest> = fc
  .tuple(adt, headers, contentType('application/hl7-v2'))
  .map(([body, sent, type]) => ({
    route: 'POST /v2/adt',
    surface: 'adt',
    method: 'POST',
    url: '/v2/adt',
    headers: { ...sent, 'Content-Type': type },
    body,
  }))

const secret = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(`{${name}}`) },
    { weight: 1, arbitrary: fc.nat(200).map((at) => `{${name}:${at}}`) },
    { weight: 1, arbitrary: values.text.map((text) => `/${name}/${encoded(text)}`) },
  )

const calendarRequest: fc.Arbitrary<FuzzRequest> = fc
  .tuple(secret('calendar'), headers)
  .map(([url, sent]) => ({ route: 'GET /calendar/[secret]', surface: 'calendar', method: 'GET', url, headers: sent }))

const formField = fc.tuple(
  fc.constantFrom('action', 'action', 'version', 'version', 'reason', 'outcome', 'text', '__proto__', 'x'),
  fc.oneof(
    fc.constantFrom('accept', 'reject', 'complete', 'start', '1', '2', 'at-capacity', 'provided', 'toString'),
    values.text,
  ),
)

const referralRequest: fc.Arbitrary<FuzzRequest> = fc
  .tuple(secret('referral'), headers, fc.array(formField, { maxLength: 6 }), fc.boolean(), contentType(FORM_TYPES[0]!))
  .map(([url, sent, form, posts, type]) => ({
    route: `${posts ? 'POST' : 'GET'} /referral/[token]`,
    surface: 'referral',
    method: posts ? 'POST' : 'GET',
    url,
    headers: { ...sent, ...(posts && { 'Content-Type': type }) },
    ...(posts && { body: queryText(form) }),
  }))

/** Asks for the next page of the last search that has one, now and then with one character of the cursor changed. */
const nextPage: fc.Arbitrary<FuzzRequest> = fc.option(fc.nat(400), { nil: undefined }).map((at) => ({
  route: 'GET next page',
  surface: 'fhir',
  method: 'GET',
  url: at === undefined ? '{next}' : `{next:${at}}`,
  headers: {},
}))

/** Interactions that most of what can go wrong is in. */
const HEAVY = ['create', 'update', 'patch', 'search-type', 'transaction', 'batch']

const weightOf = ({ interaction }: Route): number => (HEAVY.includes(interaction) ? 6 : 2)

/** Every route of the API, by the name it has in the report. */
export const ROUTE_NAMES: readonly string[] = [
  ...routes.map(routeName),
  'POST /v2/adt',
  'GET /calendar/[secret]',
  'GET /referral/[token]',
  'POST /referral/[token]',
  'GET next page',
]

export const request: fc.Arbitrary<FuzzRequest> = fc
  .tuple(
    fc.oneof(
      ...routes.map((route) => ({ weight: weightOf(route), arbitrary: requestFor(route) })),
      { weight: 10, arbitrary: adtRequest },
      { weight: 3, arbitrary: calendarRequest },
      { weight: 6, arbitrary: referralRequest },
      { weight: 4, arbitrary: nextPage },
    ),
    values.seldom(astray, 25),
  )
  .map(([made, change]) => (change ? change(made) : made))
