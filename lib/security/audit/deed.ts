import type { Resource } from '../../fhir.ts'
import { referenceTo } from '../../fhir.ts'
import type { Answer, EntryAnswer, InteractionCode, Parameter, Target } from '../../interactions/interaction.ts'
import { searchUrl, versionedReference } from '../../interactions/links.ts'
import { declarations } from '../../resources/index.ts'
import type { Version } from '../../store/version.ts'
import type { LIFECYCLES } from './codes.ts'
import type { Deed, Thing } from './happening.ts'
import { patientsIn, patientsOf } from './patients.ts'

/** A request as far as it was understood, by itself or as an entry of a Bundle. */
export interface Asked extends Target {
  interaction: InteractionCode
  method: string
  /** below the base */
  path: string
  query: readonly Parameter[]
  /** If-None-Exist */
  criteria?: string
  baseUrl: string
}

const isSearch = (interaction: InteractionCode): boolean => interaction.startsWith('search-')

const LIFECYCLE_OF: Readonly<Record<string, keyof typeof LIFECYCLES>> = {
  create: 'created',
  update: 'amended',
  patch: 'amended',
  delete: 'deleted',
}

const CREATED = 201

/** Resources that an answer holds, and that are stored or could be: those of a Bundle, of Parameters, or the one it is. */
const resourcesIn = (resource: Resource | undefined): Resource[] => {
  if (!resource) return []
  const parts = [resource.entry, resource.parameter].filter(Array.isArray).flat() as { resource?: Resource }[]
  if (parts.length) return parts.flatMap((part) => resourcesIn(part?.resource))
  return resource.id !== undefined && declarations.has(resource.resourceType) ? [resource] : []
}

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)]

/** What an answer is about. A search is about patients and not about each resource on its page. */
const thingsOf = ({ interaction, type, id, versionId }: Asked, answer: Answer | undefined): Thing[] => {
  if (isSearch(interaction) || interaction === 'history-type' || interaction === 'history-system') return []
  if (answer?.version) return [{ reference: versionedReference(answer.version) }]
  const gone = interaction === 'delete' ? (answer?.seen ?? []).filter((version) => version.deleted) : []
  if (gone.length) return gone.map((version) => ({ reference: versionedReference(version) }))
  // What messages have written.
  if (!type && !answer?.version)
    return (answer?.seen ?? []).map((version) => ({ reference: versionedReference(version) }))
  if (id) return [{ reference: `${referenceTo(type, id)}${versionId && `/_history/${versionId}`}` }]
  return type ? [{ type }] : []
}

const queryOf = ({ interaction, method, path, query, criteria }: Asked): string[] => [
  ...(query.length || isSearch(interaction) ? [`${method} ${searchUrl('', path, query).replace(/^\//, '')}`] : []),
  ...(criteria === undefined ? [] : [`If-None-Exist: ${criteria}`]),
]

const patientsSeen = ({ type, id, path, query, baseUrl }: Asked, answer: Answer | undefined): string[] => {
  const versions = [...(answer?.version ? [answer.version] : []), ...(answer?.seen ?? [])]
  const live = versions.filter((version) => !version.deleted).map(({ content }) => content)
  const seen = versions.length || answer?.seen ? live : resourcesIn(answer?.resource)
  const named = type === 'Patient' && id ? [referenceTo(type, id)] : []
  const [root, patient] = path.split('/')
  const compartment = root === 'Patient' && patient && !/^[_$]/.test(patient) ? [referenceTo(root, patient)] : []
  return [
    ...named,
    ...compartment,
    ...seen.flatMap(patientsOf),
    ...(answer?.patients ?? []),
    ...patientsIn(type, query, baseUrl),
  ]
}

/** What was done to versions by somebody who did not ask for them one by one: a message, a page, a feed. */
export const deedOn = (seen: readonly Version[]): Deed => ({
  things: seen.map((version) => ({ reference: versionedReference(version) })),
  patients: distinct(seen.filter((version) => !version.deleted).flatMap(({ content }) => patientsOf(content))),
  queries: [],
})

const entryDeed = ({ answer, error, ...entry }: EntryAnswer, baseUrl: string): Deed => {
  const { interaction, type = '', id = '', versionId = '', query = [] } = entry
  if (!interaction) return { things: [], patients: [], queries: [] }
  const path = [type, id].filter(Boolean).join('/')
  const method = isSearch(interaction) ? 'GET' : interaction.toUpperCase()
  const deed = deedOf({ interaction, type, id, versionId, query, method, path, baseUrl }, answer)
  const lifecycle = answer?.status === CREATED ? 'created' : (LIFECYCLE_OF[interaction] ?? 'accessed')
  const status = error && { status: error.status }
  return { ...deed, things: deed.things.map((thing) => ({ ...thing, lifecycle, ...status })) }
}

/** What a request was about, and whom: of its answer, or of as much as was asked for where there is none. Pure. */
export const deedOf = (asked: Asked, answer: Answer | undefined): Deed => {
  const parts = (answer?.entries ?? []).map((entry) => entryDeed(entry, asked.baseUrl))
  const own = answer?.entries ? [] : thingsOf(asked, answer)
  return {
    things: [...own, ...parts.flatMap(({ things }) => things)],
    patients: distinct([
      ...patientsSeen(asked, answer?.entries ? { status: answer.status } : answer),
      ...parts.flatMap(({ patients }) => patients),
    ]),
    queries: distinct([...queryOf(asked), ...parts.flatMap(({ queries }) => queries)]),
  }
}
