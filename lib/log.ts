import { ID } from './fhir.ts'

type Form = RegExp | 'number'

/** A code of ours. */
const CODE = /^\$?[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
/** A class of errors, or the type of what was thrown instead of one. */
const CLASS = /^[A-Za-z][A-Za-z0-9]{0,99}$/

/**
 * All that a log line may say, and in which form. Codes, classes, ids and numbers: there is no form for text that somebody wrote, since it may
 * say something of a patient.
 */
export const FIELDS = {
  /** empty where nobody has given one */
  requestId: /^[\w:.-]{0,128}$/,
  interaction: CODE,
  /** of a resource */
  type: /^[A-Z][A-Za-z]{1,63}$/,
  id: ID,
  /** `Type/id`: neither a key that carries an identifier nor a URL */
  reference: /^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/,
  version: 'number',
  method: /^[A-Z]{1,10}$/,
  status: 'number',
  milliseconds: 'number',
  /** name of an event or of a function */
  event: CODE,
  /** what came of it, several parted by commas */
  outcome: /^[a-z][a-z0-9-]*(?:,[a-z][a-z0-9-]*)*$/,
  /** id of an action of a pathway */
  action: ID,
  count: 'number',
  behindSeconds: 'number',
  /** why a token was refused */
  refusal: CODE,
  error: CLASS,
  errors: CLASS,
} as const satisfies Readonly<Record<string, Form>>

type Loggable = string | number | readonly string[]

const fits = (value: unknown, form: Form): value is Loggable => {
  if (form === 'number') return typeof value === 'number'
  if (Array.isArray(value)) return value.every((each) => fits(each, form))
  return typeof value === 'string' && form.test(value)
}

/**
 * What of a line may be written: fields of the list whose values have their form. How many others there were is in `dropped`, so that a
 * field that is missing from the list is found, but not what it held.
 */
export const loggable = (line: object): Readonly<Record<string, Loggable>> => {
  const given = Object.entries(line).filter(([, value]) => value !== undefined)
  const allowed = given.filter(
    ([name, value]) => Object.hasOwn(FIELDS, name) && fits(value, FIELDS[name as keyof typeof FIELDS]),
  )
  const dropped = given.length - allowed.length
  return Object.fromEntries(dropped ? [...allowed, ['dropped', dropped]] : allowed)
}

/** Lambda's console puts time and request id before a line: metric filters could not read it as JSON. */
const isLambda = (): boolean => process.env.AWS_LAMBDA_RUNTIME_API !== undefined

/** Writes one line of JSON to the function's log. Nothing else in `lib` and `functions` writes to it. */
export const writeLog = (line: object): void => {
  const text = JSON.stringify(loggable(line))
  if (isLambda()) process.stdout.write(`${text}\n`)
  else console.log(text)
}
