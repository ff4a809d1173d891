import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { resourceOf } from '../store/version.ts'
import type { Answer, Prefer } from './interaction.ts'

/** What the client gets to see: what it asked for, or of a write what `Prefer: return` says. https://hl7.org/fhir/R4/http.html#return */
export const contentOf = (answer: Answer, preferred: NonNullable<Prefer['return']>): Resource | undefined => {
  const { status, version, resource, isWithheld } = answer
  if (resource) return resource
  if (status === 204 && preferred === 'OperationOutcome') return gone as unknown as Resource
  if (isWithheld || !version || version.deleted || status === 204 || status === 304) return undefined
  if (preferred === 'representation') return resourceOf(version)
  if (preferred === 'OperationOutcome') return done(answer) as unknown as Resource
  return undefined
}

/** The status of an answer with this content: 204 means that there is none. */
export const statusWith = (content: Resource | undefined, { status }: Answer): number =>
  status === 204 && content ? 200 : status

const gone: OperationOutcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', diagnostics: 'It is not there any more.' }],
}

const done = ({ status, version, warnings = [] }: Answer): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'information',
      code: 'informational',
      diagnostics: `${status === 201 ? 'Created' : 'Stored'}: the ${version!.type} is at version ${version!.v}.`,
    },
    ...warnings.map(
      ({ text, expression, code = 'processing' }): OperationOutcomeIssue => ({
        severity: 'warning',
        code,
        diagnostics: text,
        ...(expression && { expression: [expression] }),
      }),
    ),
  ],
})
