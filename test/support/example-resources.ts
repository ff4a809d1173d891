import { createHash } from 'node:crypto'
import type { OperationOutcome } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'

/** The smallest valid Task, with whatever a test is about. */
export const exampleTask = (elements: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  ...elements,
})

export const examplePatient = (elements: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Patient',
  name: [{ family: 'Example' }],
  ...elements,
})

export const identifiedBy = (value: string, system = 'urn:test:ids') => ({ identifier: [{ system, value }] })

/** The expressions of an OperationOutcome's issues. */
export const expressionsOf = (outcome: OperationOutcome): (string | undefined)[] =>
  outcome.issue.map(({ expression }) => expression?.[0])

/** Text that compression can take no more than a quarter off: hashes in base64, always the same. */
export const incompressibleText = (length: number): string => {
  const hashes: string[] = []
  for (let size = 0; size < length; size += 43) hashes.push(createHash('sha256').update(`${size}`).digest('base64url'))
  return hashes.join('').slice(0, length)
}
