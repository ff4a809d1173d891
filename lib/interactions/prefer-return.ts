import type { OperationOutcome } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { resourceOf } from '../store/version.ts'
import type { Answer, Prefer } from './interaction.ts'

/** What the client gets to see: what it asked for, or of a write what `Prefer: return` says. https://hl7.org/fhir/R4/http.html#return */
export const contentOf = (answer: Answer, preferred: NonNullable<Prefer['return']>): Resource | undefined => {
  const { status, version, resource } = answer
  if (resource) return resource
  if (!version || version.deleted || status === 204 || status === 304) return undefined
  if (preferred === 'representation') return resourceOf(version)
  if (preferred === 'OperationOutcome') return done(answer) as unknown as Resource
  return undefined
}

const done = ({ status, version }: Answer): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'information',
      code: 'informational',
      diagnostics: `${status === 201 ? 'Created' : 'Stored'}: the ${version!.type} is at version ${version!.v}.`,
    },
  ],
})
