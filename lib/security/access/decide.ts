import type { Careloop } from '../../careloop.ts'
import type { Answer, Interaction, InteractionCode, InteractionRequest } from '../../interactions/interaction.ts'
import { deleted, neverExisted } from '../../interactions/read.ts'
import { FhirError, fail } from '../../outcome.ts'
import { declarations } from '../../resources/index.ts'
import type { Version } from '../../store/version.ts'
import { labelledContent, noticeFor } from '../consent/labels.ts'
import { NOTICE_HEADER } from '../consent/policy.ts'
import { type Access, wholly } from './access.ts'
import { letOut, seesAll } from './let-out.ts'
import { type Need, OF_URL, type Requirement, requirements } from './requirements.ts'
import { LETTERS, type Letter } from './scopes.ts'
import { type Looking, viewOf, wholeOf } from './view.ts'

export type Asked = Pick<InteractionRequest, 'type' | 'id' | 'conditions'> & { interaction: InteractionCode }

/** Says which scopes would have done, and nothing of what is stored. */
export const notCovered = (needs: readonly (readonly [string, string])[], also = ''): FhirError => {
  const scopes = needs.map(([letters, type]) => [...letters].map((letter) => `${type}.${letter}`).join(' or '))
  return fail(
    'forbidden',
    `The scopes of this token do not cover this. It takes ${scopes.join(' and ')} of patient/, user/ or system/.${also}`,
  )
}

const ROLE_TOO = ' With user/ scopes a role of the user has to allow it too.'
const ALL_OF_THEM = ' It works on resources of all patients, so the scope must not be restricted to some of them.'
const DUTY =
  ' It is for systems and for users whose role includes it: it takes system/ scopes, or user/ scopes and such a role.'

const TYPES = (): string[] => [...declarations.keys()]

const isMet = (access: Access, { whole, duty }: Requirement, [letters, type]: Need): boolean => {
  const each = [...letters] as Letter[]
  if (duty) return each.some((letter) => access.hasDuty(duty, letter, type))
  if (whole) return each.some((letter) => access.isUnrestricted(letter, type))
  return type === '*' ? TYPES().some((one) => access.permits(letters, one)) : access.permits(letters, type)
}

/** @throws FhirError forbidden (403) when the scopes do not cover the interaction and type at all */
export const requirePermitted = (access: Access, { interaction, type, id, conditions }: Asked): Requirement => {
  const requirement = requirements[interaction]
  if (access.isWhole) return requirement ?? { needs: [] }
  if (!requirement) throw fail('forbidden', `${interaction} can be done with system/*.cruds only.`)
  const byCriteria =
    requirement.criteria && (interaction === 'create' ? conditions.ifNoneExist !== undefined : id === '')
  const asked: Need[] = [...requirement.needs, ...(byCriteria ? ([['s', OF_URL]] as const) : [])]
  // What is about no type that is stored, such as SearchParameter, is nobody's data.
  const needs = asked.flatMap(([letters, of]): Need[] =>
    of !== OF_URL ? [[letters, of]] : type ? [[letters, type]] : [],
  )
  if (!needs.every((need) => isMet(access, requirement, need)))
    throw notCovered(needs, requirement.duty ? DUTY : requirement.whole ? ALL_OF_THEM : ROLE_TOO)
  return requirement
}

const ALL: Looking = { read: LETTERS, search: LETTERS }

/** The interaction as it is for whoever asks: let in or not, and with no more to see than is theirs. */
export const guarded =
  (interaction: InteractionCode, handle: Interaction): Interaction =>
  async (careloop, request, resolve) => {
    const { access } = request
    const whole = wholeOf(careloop)
    if (!access || seesAll(whole, access)) return handle(whole, request, resolve)
    const { looking, about, blind } = requirePermitted(access, { ...request, interaction })
    if (about) await requireVisible(viewOf(whole, access, about), request)
    const held = wholly(access)
    if (!looking && (blind || seesAll(whole, held))) return handle(whole, request, resolve)
    const view = looking ? viewOf(whole, access, looking) : viewOf(whole, held, ALL)
    const answer = await handle(view, request, resolve).catch((error: unknown) => {
      const isHidden = view.view?.isHidden(request.type, request.id)
      throw isHidden && error instanceof FhirError ? error.asDenial() : error
    })
    return withNotice(await withOutcome(view, answer))
  }

const versionsIn = ({ version, isWithheld, seen = [], entries = [] }: Answer): Version[] => [
  ...(version && !isWithheld ? [version] : []),
  ...seen,
  ...entries.flatMap(({ answer }) => (answer ? versionsIn(answer) : [])),
]

/** What the law wants said of what is in the answer goes with it. */
const withNotice = (answer: Answer): Answer => {
  const notice = noticeFor(versionsIn(answer).flatMap((version) => labelledContent(version) ?? []))
  return notice ? { ...answer, headers: { ...answer.headers, [NOTICE_HEADER]: notice } } : answer
}

/** @throws FhirError notFound (404), deleted (410) as if it were read */
const requireVisible = async ({ store, view }: Careloop, { type, id }: InteractionRequest): Promise<void> => {
  const version = await store.read(type, id)
  if (!version) throw view!.isHidden(type, id) ? neverExisted(type).asDenial() : neverExisted(type)
  if (version.deleted) throw deleted(version)
}

/** The answer with what the caller may see of a version it shows: who may write need not be allowed to read what has become of it. */
export const withOutcome = async ({ view }: Careloop, answer: Answer): Promise<Answer> => {
  const { version, resource, text } = answer
  if (!view || !version || version.deleted || resource || text !== undefined) return answer
  const [shown] = await letOut(view.whole, view.access, [version], () => 'rs')
  return shown ? { ...answer, version: shown } : { ...answer, isWithheld: true }
}
