import type { Bundle, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'
import type { Applied, Outcome } from '../messages/apply-notification.ts'
import type { Interaction } from './interaction.ts'
import { resourceOfType } from './resource-body.ts'

/** What is told of what became of a message. */
const SAID: Readonly<
  Record<Outcome, readonly [OperationOutcomeIssue['severity'], OperationOutcomeIssue['code'], string]>
> = {
  applied: ['information', 'informational', 'Received and applied.'],
  merged: ['information', 'informational', 'Received and applied.'],
  'nothing-to-merge': ['information', 'informational', 'Received. There is nothing here to be merged.'],
  duplicate: ['information', 'duplicate', 'This message was received before; nothing was written.'],
  recorded: [
    'information',
    'not-supported',
    'Received. Nothing follows from an event of this kind; only its receipt is kept.',
  ],
  parked: [
    'warning',
    'processing',
    'Received. It cannot be told which patient it is about: it is kept until somebody says so.',
  ],
  'not-ours': ['warning', 'processing', 'Received. Somebody has said that it is about no patient of this service.'],
}

/** An OperationOutcome that says what became of a message, and nothing of whom it was about. */
export const outcomeOfMessage = ({ outcome }: Applied): OperationOutcome => {
  const [severity, code, diagnostics] = SAID[outcome]
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] }
}

/**
 * Takes a message: a Da Vinci Unsolicited Notification. https://hl7.org/fhir/R4/messageheader-operation-process-message.html and
 * https://hl7.org/fhir/us/davinci-alerts
 */
export const processMessage: Interaction = async (careloop, { body }) => {
  const bundle = resourceOfType('Bundle', body) as unknown as Bundle
  // Only when a message comes: every function that serves the API knows this route.
  const [{ requireStructure }, { readFhirMessage }, { applyNotification }] = await Promise.all([
    import('../messages/require-structure.ts'),
    import('../messages/read-fhir-message.ts'),
    import('../messages/apply-notification.ts'),
  ])
  await requireStructure(bundle)
  const notification = readFhirMessage(bundle, careloop.clock.now())
  const raw = { contentType: 'application/fhir+json', text: stringifyJson(bundle) } as const
  const applied = await applyNotification(careloop, notification, raw)
  return { status: 200, resource: outcomeOfMessage(applied) as unknown as Resource, seen: applied.seen ?? [] }
}
