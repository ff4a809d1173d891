import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { type Etags, includesVersion, parseEtags, versionHeaders } from './etag.ts'
import type { Conditions } from './interaction.ts'

/** What must hold of the current version for a write to happen. */
export interface Preconditions {
  ifMatch?: Etags
  createOnly: boolean
}

/** @throws FhirError invalid (400) when a header is malformed */
export const preconditionsOf = ({ ifMatch, ifNoneMatch }: Conditions): Preconditions => {
  if (ifNoneMatch !== undefined && parseEtags(ifNoneMatch, 'If-None-Match') !== '*')
    throw fail('invalid', 'If-None-Match on a write can only be *: write only when there is no such resource yet.')
  return {
    ...(ifMatch !== undefined && { ifMatch: parseEtags(ifMatch, 'If-Match') }),
    createOnly: ifNoneMatch !== undefined,
  }
}

/** @throws FhirError preconditionFailed (412), with the ETag of the current version */
export const requirePreconditions = ({ ifMatch, createOnly }: Preconditions, current: Version | undefined): void => {
  const headers = current && versionHeaders(current)
  if (createOnly && current && !current.deleted)
    throw fail('preconditionFailed', 'There is such a resource already (If-None-Match: *).', undefined, headers)
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
