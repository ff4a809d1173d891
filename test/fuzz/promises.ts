import type { Bundle, OperationOutcome } from 'fhir/r4'
import { CANARY } from './grammar/values.ts'
import type { FuzzRequest } from './request.ts'
import type { FuzzAnswer } from './world.ts'

type Kept = (request: FuzzRequest, answer: FuzzAnswer) => string | undefined

const FIRST_REFUSAL = 400
const FIRST_FAILURE = 500

const isRefused = ({ status }: FuzzAnswer): boolean => status >= FIRST_REFUSAL

const outcomeProblem = (body: unknown): string | undefined => {
  const { resourceType, issue } = (body ?? {}) as Partial<OperationOutcome>
  if (resourceType !== 'OperationOutcome') return 'is no OperationOutcome'
  if (!Array.isArray(issue) || !issue.length) return 'has no issue'
  const isWhole = issue.every(({ severity, code, diagnostics }) => severity && code && diagnostics)
  return isWhole ? undefined : 'has an issue without severity, code or diagnostics'
}

/** Every refusal says in the words of its surface what is wrong. */
const refusalIsReadable: Kept = ({ surface, method }, answer) => {
  if (!isRefused(answer) || method === 'HEAD') return undefined
  if (surface === 'adt') return /\rMSA\|A[ER]\|/.test(answer.text) ? undefined : 'the refusal is no acknowledgement'
  if (surface !== 'fhir') return answer.text ? undefined : 'the refusal is empty'
  const problem = outcomeProblem(answer.body)
  return problem && `the refusal ${problem}`
}

const noFailure: Kept = (_request, { status }) => (status >= FIRST_FAILURE ? `status ${status}` : undefined)

/** What is inside a batch or a transaction does not fail either. */
const noFailureInside: Kept = (_request, { body }) => {
  const { resourceType, type, entry } = (body ?? {}) as Partial<Bundle>
  if (resourceType !== 'Bundle' || !type?.endsWith('-response') || !Array.isArray(entry)) return undefined
  const failed = entry.findIndex(({ response }) => /^5/.test(response?.status ?? ''))
  return failed === -1 ? undefined : `entry ${failed} has status ${entry[failed]!.response!.status}`
}

const nothingWrittenAfterRefusal: Kept = (_request, answer) =>
  isRefused(answer) && answer.written.length
    ? `refused, yet written: ${answer.written.slice(0, 3).join(', ')}`
    : undefined

const readsWriteNothing: Kept = ({ method }, { written }) =>
  (method === 'GET' || method === 'HEAD') && written.length
    ? `a read wrote ${written.slice(0, 3).join(', ')}`
    : undefined

/** What Node.js and API Gateway would let through as the value of a header. */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

const headersAreWhole: Kept = (_request, { headers }) => {
  const broken = Object.entries(headers).find(([, value]) => !HEADER_VALUE.test(value))
  return broken && `the header ${broken[0]} is no header: ${JSON.stringify(broken[1])}`
}

const textIsUnicode: Kept = (_request, { text }) => (text.isWellFormed() ? undefined : 'the answer is no UTF-8')

/** Neither log nor refusal says what is known of a patient; but a form that has to be filled in again holds what was filled in. */
const nothingToldOfPatients: Kept = ({ surface, body }, answer) => {
  if (answer.logged.includes(CANARY)) return `the log repeats what was sent: ${answer.logged}`
  // Refusals name the parameter that they refuse.
  if (body?.includes(`"name":"${CANARY}"`)) return undefined
  // The header of an acknowledgement repeats that of the message.
  const said = answer.text.replace(/^MSH[^\r]*|\rMSA[^\r]*/g, '')
  if (isRefused(answer) && surface !== 'referral' && said.includes(CANARY))
    return `the refusal repeats what was sent: ${answer.text}`
  return undefined
}

const PROMISES: readonly Kept[] = [
  noFailure,
  noFailureInside,
  refusalIsReadable,
  nothingWrittenAfterRefusal,
  readsWriteNothing,
  headersAreWhole,
  textIsUnicode,
  nothingToldOfPatients,
]

/** Which promises an answer does not keep, in words; empty: all are kept. */
export const brokenPromises = (request: FuzzRequest, answer: FuzzAnswer): string[] =>
  PROMISES.flatMap((promise) => promise(request, answer) ?? [])
