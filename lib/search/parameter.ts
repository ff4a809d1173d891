/**
 * How search parameters are declared. A declaration is one line of text, so that the tables (generated from the published
 * definitions, see fhir-profiles/generate) stay readable and small:
 *
 *     patient:        'reference(Patient) for:Reference>Patient'
 *     'target-date':  'date target.dueDate:date'
 *     phone:          'token telecom[system=phone]:ContactPoint'
 *
 * `<type>(<targets, components or codes>) <path>:<R4 datatype> <path>:<R4 datatype> …`. A path is element names parted by dots; `[a=b]` keeps the
 * elements whose child `a` is the code `b`; arrays are walked through; `>Type` keeps the references to that type.
 *
 * - An empty path leads to the resource itself. `:deceased` reads a Patient as a boolean: true when `deceasedDateTime` is there or
 *   `deceasedBoolean` is true, else false.
 * - The names of a token are its codes from the least to the most, where they have such an order: `token(routine,urgent,asap,stat)`.
 * - A composite's paths are the bases; its components are other parameters of the type. Both components have to be met below one and
 *   the same element of a base. A component's path belongs to the longest base it begins with: of
 *   `composite(combo-code,combo-value-concept) :Observation component:BackboneElement` the path `component.code` is looked at below
 *   each `component` and not below the Observation.
 *
 * https://hl7.org/fhir/R4/searchparameter-registry.html
 */
export type ParameterType = 'token' | 'reference' | 'date' | 'string' | 'uri' | 'number' | 'quantity' | 'composite'

export interface Step {
  element: string
  where?: { element: string; equals: string }
}

export interface ElementPath {
  steps: readonly Step[]
  /** R4 datatype of what the path leads to: `CodeableConcept`, `dateTime`, … */
  datatype: string
  /** only references to this type */
  only?: string
}

export interface SearchParameter {
  /** the name in a URL */
  code: string
  type: ParameterType
  paths: readonly ElementPath[]
  /** for a reference: the types it may point to; empty: any */
  targets: readonly string[]
  /** for a composite: the codes of its components, to be met by one and the same element at `paths` */
  components: readonly string[]
  /** for a token whose codes have an order: from the least, which is also what a resource without a code has, to the most */
  ranks?: readonly string[]
}

/** Search parameters of one type as declared text, by code. */
export type DeclaredParameters = Readonly<Record<string, string>>

const DECLARATION = /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/s
const PATH = /^(.*):([A-Za-z-]+)(?:>(\w+))?$/s
const STEP = /([A-Za-z]+)(?:\[([A-Za-z]+)=([^\]]*)\])?/g

const parsePath = (text: string): ElementPath => {
  const [, path, datatype, only] = PATH.exec(text) ?? []
  if (path === undefined || datatype === undefined) throw new Error(`search parameter path not understood: ${text}`)
  const steps = [...path.matchAll(STEP)].map(([, element, child, equals]) => ({
    element: element!,
    ...(child !== undefined && { where: { element: child, equals: equals! } }),
  }))
  return { steps, datatype, ...(only && { only }) }
}

/** Reads one declaration. @throws Error when the text is not of the form above: a mistake in the program */
export const parseParameter = (code: string, declaration: string): SearchParameter => {
  const [, type, list, paths] = DECLARATION.exec(declaration) ?? []
  if (type === undefined || paths === undefined)
    throw new Error(`search parameter not understood: ${code} ${declaration}`)
  const names = list ? list.split(',') : []
  return {
    code,
    type: type as ParameterType,
    paths: paths.split(/\s+/).filter(Boolean).map(parsePath),
    targets: type === 'reference' ? names : [],
    components: type === 'composite' ? names : [],
    ...(type === 'token' && names.length && { ranks: names }),
  }
}
