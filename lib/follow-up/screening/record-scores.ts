import { isDeepStrictEqual } from 'node:util'
import type { Observation, Questionnaire, QuestionnaireResponse } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { sameContent } from '../../interactions/same-content.ts'
import { versionReference } from '../../pathways/apply.ts'
import { commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import type { Write } from '../../store/plan-write.ts'
import type { Version } from '../../store/version.ts'
import { completeScreening } from './complete-screening.ts'
import { type Answered, readResponse } from './read-response.ts'
import { flagged, reportedIn } from './reported-score.ts'
import { observationId, possibleIds, surveyObservations } from './survey-observations.ts'

const TYPE = 'QuestionnaireResponse'

/** The statuses whose answers count. https://hl7.org/fhir/R4/valueset-questionnaire-answers-status.html */
const ANSWERED = ['completed', 'amended']

const asResponse = (version: Version): QuestionnaireResponse => version.content as unknown as QuestionnaireResponse
const asResource = (observation: Observation): Resource => observation as unknown as Resource

const isAnswered = (version: Version): boolean => !version.deleted && ANSWERED.includes(asResponse(version).status)

/** The form a response names, where the tenant keeps it. */
const formOf = async (
  { search }: Careloop,
  { questionnaire }: QuestionnaireResponse,
): Promise<Questionnaire | undefined> => {
  const [url, wanted] = questionnaire?.split('|') ?? []
  if (!url) return undefined
  const found = (await search.all('Questionnaire', `url=${encodeURIComponent(url)}`)).map(
    ({ content }) => content as unknown as Questionnaire,
  )
  return found.find(({ version }) => wanted === undefined || version === wanted) ?? found[0]
}

interface Reading {
  answered: readonly Answered[]
  /** by id */
  observations: ReadonlyMap<string, Observation>
}

const NOTHING: Reading = { answered: [], observations: new Map() }

/** What a version of a response comes to; nothing when its answers do not count. */
const readVersion = async (careloop: Careloop, version: Version): Promise<Reading> => {
  if (!isAnswered(version)) return NOTHING
  const response = asResponse(version)
  const answered = readResponse(response, await formOf(careloop, response))
  const all = answered.flatMap((each) => surveyObservations(response, each))
  return { answered, observations: new Map(all.map((observation) => [observation.id!, observation])) }
}

/** The version of the response that an Observation was made of: `meta.source` names it. */
const madeOf = ({ content }: Version): number => Number(/\/_history\/(\d+)$/.exec(content.meta?.source ?? '')?.[1] ?? 0)

const withSource = (observation: Observation, source: string): Observation => ({
  ...observation,
  meta: { ...observation.meta, source },
})

const withStatus = (observation: Observation, status: Observation['status']): Observation => ({
  ...observation,
  status,
})

interface Scene {
  careloop: Careloop
  reference: string
  version: Version
  now: Reading
  /** what an earlier version of the response came to */
  then(v: number): Promise<Reading>
}

/** What becomes of an Observation that is there; the same one when nothing does. */
const revised = async ({ reference, version, now, then }: Scene, stored: Version): Promise<Observation> => {
  const current = stored.content as unknown as Observation
  const wanted = now.observations.get(stored.id)
  const from = madeOf(stored)
  // Of this very version: it need not be read again.
  if (from >= version.v) return current
  const former = (await then(from)).observations.get(stored.id)
  // Nothing new was answered: whatever people have made of it since stands.
  if (isDeepStrictEqual(wanted, former)) return current
  // People have taken it out: answers they did not know of do not bring it back.
  if (former && current.status === 'entered-in-error') return current
  const source = versionReference(reference, version.v)
  if (!wanted) return withSource(withStatus(current, 'entered-in-error'), source)
  return withSource(
    withStatus(wanted, wanted.status === 'final' && former?.status !== 'preliminary' ? 'amended' : wanted.status),
    source,
  )
}

/** The totals of ours by id, with what others say they are. */
const disputes = ({ reference, now }: Scene, others: readonly Observation[]) =>
  new Map(
    now.answered.flatMap(({ instrument: { panel, result }, reported }) => {
      if (!result) return []
      const inResponse = reported.map((score) => ({ score, reference }))
      return [[observationId(reference, panel, result.code), [...inResponse, ...reportedIn(others, result.code)]]]
    }),
  )

const observationWrites = async (scene: Scene): Promise<Write[]> => {
  const { careloop, reference, version, now } = scene
  const ids = possibleIds(reference)
  const derived = await careloop.search.all('Observation', `derived-from=${encodeURIComponent(reference)}`)
  const known = await careloop.store.readMany([...now.observations.keys()].map((id) => ({ type: 'Observation', id })))
  const stored = new Map([...derived.filter(({ id }) => ids.has(id)), ...known].map((each) => [each.id, each]))
  const others = derived.filter(({ id }) => !ids.has(id)).map(({ content }) => content as unknown as Observation)
  const reported = disputes(scene, others)
  const judged = (observation: Observation): Observation => {
    const others = reported.get(observation.id!)
    return others && observation.status !== 'entered-in-error' ? flagged(observation, others) : observation
  }
  const created = [...now.observations.values()]
    .filter(({ id }) => !stored.has(id!))
    .map((observation) => creation(asResource(judged(withSource(observation, versionReference(reference, version.v))))))
  const changed: Write[] = []
  for (const base of stored.values()) {
    // A deleted one was deleted for a reason.
    if (base.deleted) continue
    const resource = asResource(judged(await revised(scene, base)))
    if (!sameContent(base, resource)) changed.push(revision(base, resource))
  }
  return [...created, ...changed]
}

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const { store, clock } = careloop
  const version = await store.read(TYPE, id)
  if (!version) return nothing('gone')
  const reference = referenceTo(TYPE, id)
  const then = async (v: number): Promise<Reading> => {
    const earlier = v > 0 ? await store.vread(TYPE, id, v) : undefined
    return earlier ? readVersion(careloop, earlier) : NOTHING
  }
  const scene: Scene = { careloop, reference, version, now: await readVersion(careloop, version), then }
  const writes = await observationWrites(scene)
  const { writes: tasks, pools } = await completeScreening(careloop, version, scene.now.answered)
  const all = [...writes, ...tasks]
  if (!all.length) return nothing('unchanged')
  const policies = scene.now.answered.map(
    ({ instrument: { questionnaire } }) => `${questionnaire.url}|${questionnaire.version}`,
  )
  const versions = all.map(({ type, id: target, base }) =>
    versionReference(referenceTo(type, target), (base?.v ?? 0) + 1),
  )
  const provenance = provenanceOf(
    {
      act: [reference, 'screening', ...versions],
      targets: all.map(({ type, id: target }) => referenceTo(type, target)),
      trigger: versionReference(reference, version.v),
      ...(policies.length && { policy: policies[0]! }),
      activity: all.some(({ base }) => base) ? 'UPDATE' : 'CREATE',
      ...(all.some(({ base }) => base) && { reason: 'corrected' as const }),
    },
    clock.now(),
  )
  return { outcome: 'scored', writes: [...all, ...[...pools, provenance].map(creation)] }
}

/**
 * Lets the Observations of a response follow its answers: made, revised under the same ids, or taken to entered-in-error; and the Task to
 * complete it. `id`: of the QuestionnaireResponse. Any number of times.
 */
export const recordScores = (careloop: Careloop, id: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, id))
