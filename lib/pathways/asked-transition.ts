import type { Encounter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { fail } from '../outcome.ts'
import { ConditionFailed, scopeOf } from './conditions.ts'
import { dateTimeIn } from './date-time.ts'
import type { Pathway } from './pathway.ts'
import type { Round, Stay } from './round.ts'
import { phaseLost, readTransition, type Transition } from './transition.ts'
import { anchorAt } from './window.ts'

/** What somebody wants a pathway applied to. */
export interface Asked {
  /** `Patient/id` */
  subject: string
  /** id of an Encounter */
  encounter?: string
  /** FHIR date or dateTime that windows are counted from, where there is no Encounter. @default now */
  anchor?: string
  /** tells plans without an Encounter apart: it becomes part of their ids */
  key?: string
}

/** What a pathway is to be decided on, asked for by somebody. */
export interface AskedTransition {
  transition: Transition
  stay?: Stay
}

/** Reference, as far as ids are concerned, of what a plan is made for. */
export const triggerReference = ({ subject, encounter, key }: Asked): string =>
  encounter === undefined ? `${subject}?key=${key ?? ''}` : `Encounter/${encounter}`

/** Of an Encounter, by the rules of the engine. */
const ofEncounter = async (
  careloop: Careloop,
  round: Round,
  pathway: Pathway,
  { subject, encounter }: Asked,
): Promise<AskedTransition> => {
  const stay = await round.stay(encounter!)
  if (!stay?.resource) throw fail('unprocessable', 'There is no Encounter with this id.', 'encounter')
  const { subject: patient } = stay.resource as unknown as Encounter
  if (patient?.reference !== subject)
    throw fail(
      'unprocessable',
      'The encounter is not one of the subject: its Encounter.subject is another.',
      'encounter',
    )
  if (await phaseLost(careloop, round, pathway, stay))
    throw fail(
      'businessRule',
      `The encounter has not come to the phase that the definition is for, ${pathway.trigger}, or what it tells of did not take place.`,
      'encounter',
    )
  try {
    const transition = await readTransition(careloop, round, pathway, { ...stay, resource: stay.resource })
    return { transition: transition!, stay }
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    throw fail('businessRule', 'The window-anchor of the definition could not be evaluated on the encounter.')
  }
}

const PATIENT = /^Patient\/([A-Za-z0-9\-.]{1,64})$/

/** Of a patient alone. */
const ofSubject = async (
  careloop: Careloop,
  round: Round,
  { names, inputs }: Pathway,
  asked: Asked,
): Promise<AskedTransition> => {
  const { store, clock, tenant } = careloop
  const { subject } = asked
  const [, id] = PATIENT.exec(subject)!
  const version = await store.read('Patient', id!)
  if (!version || version.deleted) throw fail('unprocessable', 'There is no Patient with this id.', 'subject')
  const now = clock.now()
  const anchor = anchorAt(asked.anchor ?? dateTimeIn(now, tenant.timeZone), tenant.timeZone)
  if (!anchor)
    throw fail('invalid', 'anchor must be a date or dateTime such as 2026-11-20 or 2026-11-20T14:00:00-06:00.')
  const facts = round.facts(subject)
  const named = await Promise.all(inputs.map(async (input) => [input.name, await facts.input(input, anchor)] as const))
  const scope = scopeOf({
    encounter: undefined,
    resource: undefined,
    previous: undefined,
    subject: names.has('subject') ? version.content : undefined,
    received: now,
    ...Object.fromEntries(named),
    anchor: anchor.dateTime,
  })
  const reference = triggerReference(asked)
  return {
    transition: {
      trigger: { reference, version: version.v, subject: { reference: subject }, anchor },
      scope,
      holds(conditions) {
        try {
          return conditions.every((condition) => scope.holds(condition))
        } catch (error) {
          if (!(error instanceof ConditionFailed)) throw error
          return undefined
        }
      },
    },
  }
}

/**
 * Reads what a pathway is decided on where somebody asks for it. Without an Encounter `%encounter` and `%previous` are empty.
 * @throws FhirError unprocessable, businessRule (422), invalid (400)
 */
export const askedTransition = (
  careloop: Careloop,
  round: Round,
  pathway: Pathway,
  asked: Asked,
): Promise<AskedTransition> =>
  asked.encounter === undefined
    ? ofSubject(careloop, round, pathway, asked)
    : ofEncounter(careloop, round, pathway, asked)
