import { referenceTo } from '../../lib/fhir.ts'
import { stringifyJson } from '../../lib/json.ts'
import type { Entry, ReadBundle } from './entries.ts'
import { linksOf, withLinks } from './links.ts'
import { type ChunkLimits, planChunks } from './plan-chunks.ts'

/** A Bundle, ready to send. */
export interface BundlePlan {
  chunks: Entry[][]
  /** entries of types the server does not serve */
  leftOut: Entry[]
  /** references to those: they say `Type/id` and resolve once the type is served and loaded */
  linksToLeftOut: number
  /** `urn:uuid:` references to nothing in the file: sent as they are, for the server to judge */
  dangling: number
  /** references to a later chunk */
  forward: number
}

const URN_UUID = /^urn:uuid:([A-Za-z0-9\-.]{1,64})$/i

/** `Patient/44717d84-…` for `urn:uuid:44717d84-…` */
export const urnTarget = (type: string, fullUrl: string | undefined): string | undefined => {
  const id = URN_UUID.exec(fullUrl ?? '')?.[1]
  return id && referenceTo(type, id.toLowerCase())
}

/** Where links of the Bundle lead, as far as that is known before anything is sent. */
const knownEnds = (entries: readonly Entry[], isServed: (entry: Entry) => boolean): Map<string, string> => {
  const ends = new Map<string, string>()
  for (const entry of entries) {
    const { fullUrl, type } = entry
    // A placeholder must not stay: no entry would be sent that it could mean.
    const target = entry.target ?? (isServed(entry) ? undefined : urnTarget(type, fullUrl))
    if (fullUrl && target) ends.set(fullUrl, target)
  }
  return ends
}

/**
 * Decides what is sent in which transaction. References to entries whose id we decide become `Type/id` here; those to entries
 * whose id the server decides (conditional creates and updates) keep their `urn:uuid:` until it has told.
 */
export const planBundle = (bundle: ReadBundle, served: ReadonlySet<string>, limits: ChunkLimits): BundlePlan => {
  const isServed = ({ type }: Entry) => served.has(type)
  const ends = knownEnds(bundle.entries, isServed)
  const leftOut = bundle.entries.filter((entry) => !isServed(entry))
  const leftOutTargets = new Set(leftOut.map(({ target, fullUrl = '' }) => target ?? ends.get(fullUrl)))
  const entries = bundle.entries
    .filter(isServed)
    .map((entry) => (entry.resource ? { ...entry, resource: withLinks(entry.resource, ends) } : entry))

  const positions = new Map<string, number>()
  for (const [position, { target, fullUrl }] of entries.entries()) {
    const name = target ?? fullUrl
    if (name !== undefined) positions.set(name, position)
  }
  let linksToLeftOut = 0
  let dangling = 0
  const plannable = entries.map((entry, position) => {
    const references = new Set<number>()
    for (const link of linksOf(entry.resource)) {
      const reference = positions.get(link)
      if (reference !== undefined && reference !== position) references.add(reference)
      else if (leftOutTargets.has(link)) linksToLeftOut += 1
      else if (link.startsWith('urn:uuid:') && reference === undefined) dangling += 1
    }
    return {
      references: [...references],
      bytes: Buffer.byteLength(stringifyJson(entry.resource ?? null)),
      ...(entry.target && { target: entry.target }),
    }
  })
  const { chunks, forward } = planChunks(plannable, limits)
  return {
    chunks: chunks.map((chunk) => chunk.map((position) => entries[position]!)),
    leftOut,
    linksToLeftOut,
    dangling,
    forward,
  }
}
