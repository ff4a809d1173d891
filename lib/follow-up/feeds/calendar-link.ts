import type { Basic } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import type { Interaction, InteractionRequest } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { deleted, neverExisted } from '../../interactions/read.ts'
import { requireValid } from '../../interactions/resource-body.ts'
import { retryConflicts } from '../../interactions/retry-conflicts.ts'
import { commitUpdate, updateWrite } from '../../interactions/update.ts'
import { fail } from '../../outcome.ts'
import { zoneOf } from '../../search/zone.ts'
import { parametersOf } from '../parameters.ts'
import { calendarUrl, digestOf, newSecret } from './calendar-secret.ts'
import { BASIC_TYPE, CALENDAR_SECRET } from './codes.ts'

/**
 * Gives somebody a new secret address of their calendar; the one before is dead from then on. With `revoke` there is none any more.
 * `POST Practitioner/[id]/$calendar-link`
 */
export const calendarLink: Interaction = async (careloop, request) => {
  const { texts } = operationParameters(request, ['revoke'])
  const revoke = texts.find(([name]) => name === 'revoke')?.[1] ?? 'false'
  if (revoke !== 'true' && revoke !== 'false') throw fail('invalid', 'revoke must be true or false.')
  requireOwn(request)
  await requirePerson(careloop, request)

  const secret = revoke === 'true' ? undefined : newSecret()
  const link = linkOf(careloop, request, secret)
  await requireValid(careloop, link)
  const preconditions = { createOnly: false, required: false }
  await retryConflicts(async () => {
    const current = await careloop.store.read('Basic', link.id!)
    const write = updateWrite({ type: 'Basic', id: link.id! }, link, current, preconditions)
    return commitUpdate(careloop, request, write, current)
  })
  const url = secret === undefined ? [] : [{ name: 'url', valueUrl: calendarUrl(request.baseUrl, secret) }]
  return { status: 200, resource: parametersOf(url) }
}

/** @throws FhirError forbidden (403) */
const requireOwn = ({ caller, type, id }: InteractionRequest): void => {
  if (caller?.reference === undefined || caller.reference === referenceTo(type, id)) return
  throw fail('forbidden', 'A calendar shows what somebody has to do: only they themselves may ask for its address.')
}

const requirePerson = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<void> => {
  const person = await store.read(type, id)
  if (!person) throw neverExisted(type)
  if (person.deleted) throw deleted(person)
}

/** One for each person; it holds the digest of the secret that opens their calendar now. */
const linkOf = (
  { clock, tenant }: Careloop,
  { type, id }: InteractionRequest,
  secret: string | undefined,
): Resource => {
  const person = referenceTo(type, id)
  const now: Instant = clock.now()
  const link: Basic = {
    resourceType: 'Basic',
    id: deterministicId('calendar-link', person),
    ...(secret !== undefined && { identifier: [{ system: CALENDAR_SECRET, value: digestOf(secret) }] }),
    code: { coding: [{ system: BASIC_TYPE, code: 'calendar-link' }] },
    subject: { reference: person },
    created: zoneOf(tenant.timeZone).dateOf(Date.parse(now)),
  }
  return link as unknown as Resource
}
