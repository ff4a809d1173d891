import type { Coding } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import type { Version } from '../../store/version.ts'
import { confidentiality, policy, type Sensitivity } from './policy.ts'

type Labelled = Pick<Resource, 'meta'>

const has = (sensitivity: Sensitivity, { system, code = '' }: Coding): boolean =>
  sensitivity.system === system && sensitivity.codes.includes(code)

export const labelsOf = ({ meta }: Labelled): readonly Coding[] => (meta?.security ?? []) as readonly Coding[]

/** Which of the labels that the policy knows a resource bears; most bear none. Pure. */
export const sensitivitiesOf = (resource: Labelled): readonly Sensitivity[] => {
  const labels = labelsOf(resource)
  if (!labels.length) return []
  const borne = (known: readonly Sensitivity[]) => known.filter((one) => labels.some((label) => has(one, label)))
  const topics = borne(policy)
  return topics.length ? topics : borne(confidentiality).slice(0, 1)
}

const isSensitive = (label: Coding): boolean => [...policy, ...confidentiality].some((one) => has(one, label))

const isSame = (one: Coding, other: Coding): boolean => one.system === other.system && one.code === other.code

/** The content of a live version that bears labels of whatever kind: what bears none, as most, need not be parsed to know. */
export const labelledContent = (version: Version): Readonly<Resource> | undefined =>
  !version.deleted && version.text.includes('"security"') ? version.content : undefined

/** The resource with those labels of others that the policy knows. Pure. */
export const withLabelsOf = <Kind extends Labelled>(resource: Kind, others: readonly Labelled[]): Kind => {
  const own = labelsOf(resource)
  const added: Coding[] = []
  for (const label of others.flatMap(labelsOf))
    if (isSensitive(label) && ![...own, ...added].some((one) => isSame(one, label))) added.push(label)
  return added.length ? { ...resource, meta: { ...resource.meta, security: [...own, ...added] } } : resource
}

/** What has to be said to whoever is shown these resources; none: nothing. Pure. */
export const noticeFor = (resources: readonly Labelled[]): string | undefined =>
  resources.flatMap(sensitivitiesOf).find(({ notice }) => notice)?.notice
