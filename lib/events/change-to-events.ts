import type { Instant, Resource } from '../fhir.ts'
import type { Item } from '../store/table.ts'
import { type Version, versionOf } from '../store/version.ts'
import type { TenantSettings } from '../tenant.ts'
import type { Happening } from './changes/change-rules.ts'
import { changeRules } from './changes/index.ts'
import type { CareEvent } from './contract.ts'

const liveResource = (version: Version | undefined): Resource | undefined =>
  version && !version.deleted ? version.content : undefined

const wokenOf = (item: Item | undefined): Instant | undefined => item?.woken as Instant | undefined

/**
 * The events of one write of a `current` item, from its images before and after. A new version gives what changed; a write that
 * only moves the clock (see Store.wake) gives what time brought; any other write gives nothing. Pure.
 */
export const changeToEvents = (
  before: Item | undefined,
  after: Item | undefined,
  tenant: TenantSettings,
): CareEvent[] => {
  if (!after) return []
  const now = versionOf(after)
  const rules = changeRules.get(now.type)
  if (!rules) return []
  const was = before && versionOf(before)
  const resource = liveResource(now)
  const previous = was?.v === now.v ? undefined : liveResource(was)
  const subject = resource ?? previous
  if (!subject) return []

  const woken = wokenOf(after)
  const toEvents = (at: Instant, happenings: Happening[]): CareEvent[] => {
    const patient = rules.patient(subject)
    const about = { tenant: tenant.id, reference: `${now.type}/${now.id}`, version: now.v, at }
    return happenings.map(
      ({ name, state }) => ({ name, detail: { ...about, ...(patient && { patient }), ...state } }) as CareEvent,
    )
  }

  if (!resource) return toEvents(now.updated, rules.removed?.(subject, { tenant, woken }) ?? [])
  if (was?.v !== now.v) return toEvents(now.updated, rules.changed(previous, resource, { tenant, woken }))
  const wokenBefore = wokenOf(before)
  if (!woken || woken === wokenBefore) return []
  return toEvents(woken, rules.struck?.(resource, { after: wokenBefore, until: woken }, tenant) ?? [])
}
