import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'

/** What can go wrong, with its FHIR issue code and HTTP status: the whole error model. https://hl7.org/fhir/R4/valueset-issue-type.html */
const CATEGORIES = {
  malformed: ['structure', 400],
  invalid: ['invalid', 400],
  unsupportedParameter: ['not-supported', 400],
  unauthenticated: ['login', 401],
  forbidden: ['forbidden', 403],
  notFound: ['not-found', 404],
  methodNotAllowed: ['not-supported', 405],
  notAcceptable: ['not-supported', 406],
  conflict: ['conflict', 409],
  deleted: ['deleted', 410],
  preconditionFailed: ['conflict', 412],
  multipleMatches: ['multiple-matches', 412],
  tooLarge: ['too-long', 413],
  unsupportedMediaType: ['not-supported', 415],
  unprocessable: ['processing', 422],
  businessRule: ['business-rule', 422],
  preconditionRequired: ['required', 428],
  throttled: ['throttled', 429],
  exception: ['exception', 500],
  timeout: ['timeout', 503],
} as const satisfies Record<string, readonly [OperationOutcomeIssue['code'], number]>

export type Category = keyof typeof CATEGORIES

/** One problem: what is wrong and what to do, and where (`expression` is a FHIRPath such as `Task.status`). */
export interface Problem {
  text: string
  expression?: string
  code?: OperationOutcomeIssue['code']
  severity?: OperationOutcomeIssue['severity']
}

/**
 * The one error that interactions throw. It is caught in one place (lib/http) and answered as an OperationOutcome.
 * Texts must carry no PHI: name elements, parameters, types and rules, never values of a patient's data.
 */
export class FhirError extends Error {
  readonly category: Category
  readonly status: number
  readonly problems: readonly Problem[]
  readonly headers: Readonly<Record<string, string>>
  /** It hides from the one who asks that they may not: the audit has it as a denial, whatever the status says. */
  readonly denied: boolean

  constructor(
    category: Category,
    problems: readonly Problem[],
    headers: Record<string, string> = {},
    denied = category === 'forbidden' || category === 'unauthenticated',
  ) {
    super(problems.map((problem) => problem.text).join('; '))
    this.name = 'FhirError'
    this.category = category
    this.status = CATEGORIES[category][1]
    this.problems = problems
    this.headers = headers
    this.denied = denied
  }

  /** The same error with each expression put below `prefix`, e.g. `Bundle.entry[3]`, and any expression-less problem placed at it. */
  at(prefix: string): FhirError {
    const moved = this.problems.map((problem) => ({
      ...problem,
      expression: problem.expression ? `${prefix}.resource.${problem.expression.replace(/^[A-Za-z]+\./, '')}` : prefix,
    }))
    return new FhirError(this.category, moved, { ...this.headers }, this.denied)
  }

  /** The same error, as a denial: a 404 for what is there, but not for the one who asks. */
  asDenial(): FhirError {
    return new FhirError(this.category, this.problems, { ...this.headers }, true)
  }
}

/** `throw fail('notFound', 'Task/123 is not known')` */
export const fail = (
  category: Category,
  text: string,
  expression?: string,
  headers?: Record<string, string>,
): FhirError => new FhirError(category, [{ text, ...(expression && { expression }) }], headers)

export const outcomeOf = (error: FhirError): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: error.problems.map((problem) => ({
    severity: problem.severity ?? 'error',
    code: problem.code ?? CATEGORIES[error.category][0],
    diagnostics: problem.text,
    ...(problem.expression && { expression: [problem.expression] }),
  })),
})

/** What a client may see of an error nobody expected: nothing but its identity in the log. */
export const unexpected = (requestId: string): FhirError =>
  fail(
    'exception',
    `Something failed on our side. Nothing can be said to have been written; look before trying again. Quote request ${requestId}.`,
  )
