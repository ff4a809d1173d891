import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchParameter } from 'fhir/r4'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import type { Resource } from '../../lib/fhir.ts'
import { data } from './sample.ts'

const OWN = 'fhir-profiles/search-parameters'

/** An element that a search parameter's published expression leads to. */
export interface Value {
  /** R4 datatype, e.g. `CodeableConcept` */
  datatype: string
  element: unknown
}

export interface Component {
  code: string
  definition: SearchParameter
  expression: string
}

/**
 * The expression as fhirpath.js can do it without a server: `as` takes one item only where the specification means a filter, and
 * `resolve()` looks at what the reference says instead of fetching it.
 */
const doable = (expression: string): string =>
  expression
    .replace(/\(([\w.]+) as (\w+)\)/g, '$1.ofType($2)')
    .replace(/\bas\((\w+)\)/g, 'ofType($1)')
    .replace(
      /where\(resolve\(\) is (\w+)\)/g,
      "where(reference.matches('(^|/)$1/[^/]+') or (reference.exists().not() and (type.exists().not() or type = '$1')))",
    )

/** The part of an expression for several types that is about one of them. */
const partFor = (type: string, expression: string): string =>
  expression
    .split('|')
    .map((part) => part.trim().replace(/^Resource\./, `${type}.`))
    .filter((part) => new RegExp(`^\\(?${type}\\b`).test(part))
    .join(' | ')

interface Node {
  data: unknown
}

type Compiled = (resource: unknown) => unknown[]

const compile = (path: string | { base: string; expression: string }): Compiled =>
  fhirpath.compile(path as string, r4, { resolveInternalTypes: false }) as unknown as Compiled

const valuesOf = (found: unknown[]): Value[] => {
  const types = fhirpath.types(found)
  return found
    .map((node, n) => ({
      datatype: types[n]!.replace(/^(FHIR|System)\./, ''),
      element: typeof node === 'object' && node !== null && 'data' in node ? (node as Node).data : node,
    }))
    .filter(({ element }) => element !== undefined && element !== null)
}

/** The published search parameters of R4 and ours, and what their expressions lead to; each evaluated once per resource. */
export class OfficialValues {
  private readonly definitions: SearchParameter[]
  private readonly compiled = new Map<string, Compiled>()
  private readonly known = new WeakMap<Resource, Map<string, Value[]>>()

  constructor() {
    const bundle = JSON.parse(readFileSync(join(data, 'r4/search-parameters.json'), 'utf8')) as {
      entry: { resource: SearchParameter }[]
    }
    const own = readdirSync(OWN).map((name) => JSON.parse(readFileSync(join(OWN, name), 'utf8')) as SearchParameter)
    const published = bundle.entry.map(({ resource }) => resource)
    this.definitions = [...published, ...own].filter(({ expression }) => expression !== undefined)
  }

  definition(type: string, code: string): SearchParameter | undefined {
    return this.definitions.find(
      (one) => one.code === code && (one.base.includes(type as never) || one.base.includes('Resource' as never)),
    )
  }

  values(resource: Resource, code: string): Value[] {
    const known = this.known.get(resource) ?? new Map<string, Value[]>()
    this.known.set(resource, known)
    const found = known.get(code) ?? this.evaluate(resource, code)
    known.set(code, found)
    return found
  }

  components(composite: SearchParameter): Component[] {
    return (composite.component ?? []).map(({ definition, expression }) => {
      const found = this.definitions.find(({ url }) => url === definition)!
      return { code: found.code, definition: found, expression: doable(expression) }
    })
  }

  /** The elements in which a composite looks, each with its path. */
  bases(resource: Resource, code: string): { path: string; value: Value }[] {
    const { resourceType } = resource
    return partFor(resourceType, this.definition(resourceType, code)!.expression!)
      .split(' | ')
      .flatMap((path) => valuesOf(this.compiledOf(path, path)(resource)).map((value) => ({ path, value })))
  }

  /** What a component of a composite leads to from one element of its base. */
  componentValues(base: Value, path: string, { expression }: Component): Value[] {
    const compiled = this.compiledOf(`${path}|${expression}`, { base: path, expression })
    return valuesOf(compiled(base.element))
  }

  private evaluate(resource: Resource, code: string): Value[] {
    const { resourceType } = resource
    const definition = this.definition(resourceType, code)!
    const path = doable(partFor(resourceType, definition.expression!))
    const values = path ? valuesOf(this.compiledOf(path, path)(resource)) : []
    // Of a choice such as Immunization.occurrence[x] a date search reads the dates, whatever the text of the others looks like.
    return definition.type === 'date' ? values.filter(({ datatype }) => datatype !== 'string') : values
  }

  private compiledOf(key: string, path: Parameters<typeof compile>[0]): Compiled {
    const known = this.compiled.get(key) ?? compile(path)
    this.compiled.set(key, known)
    return known
  }
}
