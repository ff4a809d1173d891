import type { Coding, Task } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import type { Store } from '../../store/store.ts'

const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const ORDINARY = ['U', 'L', 'M', 'N']
/** Labels that say what data may be used for, or how sound they are, and not that they are sensitive. */
const NO_SENSITIVITY = [
  'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
]

const isSensitive = ({ system = '', code = '' }: Coding): boolean =>
  system === CONFIDENTIALITY ? !ORDINARY.includes(code) : !NO_SENSITIVITY.includes(system)

/**
 * Whether labels keep a resource from going out: any that is not known to be harmless. https://hl7.org/fhir/R4/security-labels.html
 */
export const isRestricted = ({ meta }: Pick<Resource, 'meta'>): boolean => (meta?.security ?? []).some(isSensitive)

const LITERAL = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

const aboutOf = ({ focus, basedOn = [], partOf = [], reasonReference, for: subject }: Task) =>
  [focus, ...basedOn, ...partOf, reasonReference, subject].flatMap((reference) => {
    const [, type, id] = LITERAL.exec(reference?.reference ?? '') ?? []
    return type ? [{ type, id: id! }] : []
  })

/** The Tasks that neither by themselves nor by what they are about are kept from going out. */
export const unrestricted = async (store: Store, tasks: readonly Task[]): Promise<Task[]> => {
  const open = tasks.filter((task) => !isRestricted(task as unknown as Resource))
  const about = new Map(open.flatMap(aboutOf).map((one) => [`${one.type}/${one.id}`, one]))
  const versions = await store.readMany([...about.values()])
  const restricted = new Set(
    versions.filter(({ deleted, content }) => !deleted && isRestricted(content)).map(({ type, id }) => `${type}/${id}`),
  )
  return open.filter((task) => !aboutOf(task).some(({ type, id }) => restricted.has(`${type}/${id}`)))
}
