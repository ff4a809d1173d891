import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { type Etags, includesVersion, parseEtags, versionHeaders } from './etag.ts'
import type { Conditions } from './interaction.ts'

/** What must hold of the current version for a write to happen. */
export interface Preconditions {
  ifMatch?: Etags
  createOnly: boolean
  /** the tenant wants every change of what exists to say which version it was decided on */
  required: boolean
}

/** @throws FhirError invalid (400) when a header is malformed */
export const preconditionsOf = ({ ifMatch, ifNoneMatch }: Conditions, required = false): Preconditions => {
  if (ifNoneMatch !== undefined && parseEtags(ifNoneMatch, 'If-None-Match') !== '*')
    throw fail('invalid', 'If-None-Match on a write can only be *: write only when there is no such resource yet.')
  return {
    ...(ifMatch !== undefined && { ifMatch: parseEtags(ifMatch, 'If-Match') }),
    createOnly: ifNoneMatch !== undefined,
    required,
  }
}

/** @throws FhirError preconditionFailed (412) or preconditionRequired (428), with the ETag of the current version */
export const requirePreconditions = (preconditions: Preconditions, current: Version | undefined): void => {
  const { ifMatch, createOnly, required } = preconditions
  const headers = current && versionHeaders(current)
  if (createOnly && current && !current.deleted)
    throw fail('preconditionFailed', 'There is such a resource already (If-None-Match: *).', undefined, headers)
  if (required && !ifMatch && current && !current.deleted)
    throw fail(
      'preconditionRequired',
      'Say which version this change was decided on: If-Match with the ETag of a read.',
      undefined,
      headers,
    )
  if (!ifMatch || (current && includesVersion(ifMatch, current))) return
  throw fail(
    'preconditionFailed',
    current && !current.deleted
      ? `The resource is at version ${current.v}, which If-Match does not name. Read it again and decide anew.`
      : 'There is no such resource now, so If-Match cannot hold.',
    undefined,
    headers,
  )
}
