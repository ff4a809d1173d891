import type { ServiceRequest, Task } from 'fhir/r4'
import { type Instant, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { isOpen } from '../../pathways/due.ts'
import type { ReferralStep } from '../codes.ts'
import type { StepState } from '../follow-step.ts'
import { isHeld } from './hold.ts'
import { type Asked, isPart, type Referral } from './referral.ts'

/** A step that a referral calls for now. */
export interface WantedStep {
  id: string
  step: ReferralStep
  /** `Type/id` of what it is about */
  focus: string
  priority: Task['priority']
  /** when its window began */
  from: Instant
  state: StepState
}

export const stepId = (focus: string, step: ReferralStep): string => deterministicId(focus, step)

const OPEN: StepState = { kind: 'open' }
const ORIGINAL_CLOSED: StepState = {
  kind: 'withdrawn',
  reason: 'original-closed',
  text: 'The Task it is about was closed.',
}
const HELD: StepState = { kind: 'withdrawn', reason: 'consent-missing', text: 'The referral waits for a consent.' }
const REQUEST_REVOKED: StepState = {
  kind: 'withdrawn',
  reason: 'request-revoked',
  text: 'The request it is for was revoked.',
}

const REVOKED: readonly ServiceRequest['status'][] = ['revoked', 'entered-in-error']

/** Whether whoever was asked has not turned it down. */
const isTaken = ({ task: { status }, milestones }: Asked): boolean =>
  milestones.answered !== undefined && status !== 'rejected'

const firstContact = ({ milestones, contact, task }: Asked): { at: string; evidence: string } | undefined => {
  const { sent, begun } = milestones
  const evidence = referenceTo('Task', task.id!)
  const told = contact && sent && Date.parse(contact.at) >= Date.parse(sent) ? contact : undefined
  const isEarlier = told && (!begun || Date.parse(told.at) < Date.parse(begun))
  if (isEarlier) return { at: told.at, evidence: told.reference }
  return begun ? { at: begun, evidence } : undefined
}

/** The states of the steps that those asked are kept after by; none: it is not yet, or never, called for. */
const statesOf = (asked: Asked, request: ServiceRequest): Partial<Record<ReferralStep, StepState>> => {
  const { task, milestones } = asked
  const { sent, answered, ended } = milestones
  const evidence = referenceTo('Task', task.id!)
  if (isHeld(task) && task.status === 'draft') return { 'acknowledge-referral': HELD }
  if (!sent) return {}
  const stillOpen = isOpen(task) ? OPEN : ORIGINAL_CLOSED
  const contact = firstContact(asked)
  const isOver = ended !== undefined && (task.status === 'completed' || task.status === 'failed')
  const taken = isTaken(asked)
  return {
    'acknowledge-referral': answered ? { kind: 'done', at: answered, evidence } : stillOpen,
    ...(taken && {
      'referral-first-contact': contact ? { kind: 'done', ...contact } : stillOpen,
      'referral-outcome': isOver ? { kind: 'done', at: ended, evidence } : stillOpen,
    }),
    ...(isOver && {
      'review-referral':
        request.status === 'completed'
          ? { kind: 'done', at: ended, evidence: referenceTo('ServiceRequest', request.id!) }
          : OPEN,
    }),
  }
}

/** Whether consent is being waited for, or has come since it was. */
const consentState = ({ task }: Asked, consent: string | undefined, now: Instant): StepState | undefined => {
  if (isHeld(task)) return OPEN
  if (!isOpen(task)) return ORIGINAL_CLOSED
  return consent ? { kind: 'done', at: now, evidence: consent } : undefined
}

/**
 * What people here have to do about a referral, by what is stored now. Those that others passed on are theirs to keep after: of them
 * only consent is. Pure.
 * @param consentOf the Consent that lets the owner of a Task be told, as a reference
 */
export const wantedSteps = (
  { request, asked, isPart: isPlacedInTurn }: Referral,
  consentOf: (asked: Asked) => string | undefined,
  now: Instant,
): WantedStep[] =>
  asked.flatMap((each) => {
    const { task, milestones } = each
    const focus = referenceTo('Task', task.id!)
    const consent = consentState(each, consentOf(each), now)
    const own = isPlacedInTurn || isPart(each) ? {} : statesOf(each, request)
    const states = { ...own, ...(consent && { 'obtain-consent': consent }) }
    return Object.entries(states).map(([name, state]): WantedStep => {
      const step = name as ReferralStep
      const from = step === 'review-referral' ? milestones.ended : step === 'obtain-consent' ? now : milestones.sent
      return {
        id: stepId(focus, step),
        step,
        focus,
        priority: task.priority,
        from: from ?? now,
        state: REVOKED.includes(request.status) && state.kind === 'open' ? REQUEST_REVOKED : state,
      }
    })
  })
