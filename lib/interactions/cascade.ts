import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { creation, revision } from '../pathways/commit.ts'
import { type Automation, provenanceOf } from '../pathways/provenance.ts'
import { declarations } from '../resources/index.ts'
import type { CascadeEffect } from '../resources/lifecycle/lifecycle.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import { type Cause, type Effect, type Scene, triggerOf } from './cascade-cause.ts'
import { closeActivities } from './cascade-close.ts'
import { pauseActivities, resumeActivities } from './cascade-pause.ts'
import { withdrawTasks } from './cascade-withdraw.ts'

const EFFECTS: Readonly<Record<CascadeEffect, (scene: Scene, cause: Cause) => Promise<Effect | undefined>>> = {
  'pause-activities': pauseActivities,
  'resume-activities': resumeActivities,
  'close-activities': closeActivities,
  'withdraw-tasks': withdrawTasks,
}

/**
 * The writes that follow from changes of state, to be committed with them: what they change, what they create, and a Provenance for
 * each cause. Consequences may have consequences.
 * @throws FhirError conflict (409) when a state cannot be entered because of others
 */
export const consequencesOf = async (
  careloop: Careloop,
  causes: readonly Cause[],
  writes: readonly Write[],
  now: Instant,
): Promise<Write[]> => {
  const touched = new Set(writes.map(({ type, id }) => referenceTo(type, id)))
  const untouched = (versions: readonly Version[]) => {
    const free = new Map(versions.map((version) => [referenceTo(version.type, version.id), version]))
    return [...free].flatMap(([reference, version]) => (touched.has(reference) || version.deleted ? [] : [version]))
  }
  const consequences: Write[] = []
  const queue = [...causes]
  for (let cause = queue.shift(); cause; cause = queue.shift()) {
    const name = effectOf(cause)
    const effect = name && (await EFFECTS[name]({ careloop, now, untouched }, cause))
    if (!effect || !(effect.revised.length + effect.created.length)) continue
    for (const { type, id } of effect.spared ?? []) touched.add(referenceTo(type, id))
    for (const { base, resource } of effect.revised) {
      touched.add(referenceTo(base.type, base.id))
      consequences.push(revision(base, resource))
      queue.push(...causeOf(base, resource))
    }
    const created = [...effect.created, ...(effect.supplies ?? []), witness(cause, effect, now)]
    consequences.push(...created.map(creation))
  }
  return consequences
}

/** The change of state that a consequence is in its turn. */
const causeOf = (base: Version, after: Resource): Cause[] => {
  const lifecycle = declarations.get(base.type)?.lifecycle
  if (!lifecycle) return []
  const { element } = lifecycle
  const states = { from: String(base.content[element]), to: String(after[element]) }
  return [{ base, lifecycle, ...states, after, query: [], placeOf: (path) => `${base.type}.${path}` }]
}

const effectOf = ({ lifecycle, from, to }: Cause): CascadeEffect | undefined =>
  from === to
    ? undefined
    : lifecycle.cascades?.find((rule) => rule.to.includes(to) && (!rule.from || rule.from.includes(from)))?.effect

const witness = (cause: Cause, { reason, revised, created }: Effect, now: Instant): Resource =>
  provenanceOf(
    {
      act: [triggerOf(cause), 'cascade'],
      targets: [
        ...revised.map(({ base: { type, id } }) => referenceTo(type, id)),
        ...created.map(({ resourceType, id }) => referenceTo(resourceType, id!)),
      ],
      trigger: triggerOf(cause),
      activity: revised.length ? 'UPDATE' : 'CREATE',
      reason: reason as Automation['reason'],
    },
    now,
  )
