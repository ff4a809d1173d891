import type { Careloop } from '../../careloop.ts'
import type { Resource } from '../../fhir.ts'
import type { Caller } from '../../interactions/interaction.ts'
import { boundedly } from '../../store/backoff.ts'
import type { Version } from '../../store/version.ts'
import type { Access } from '../access/access.ts'
import type { Withholding } from '../access/let-out.ts'
import { labelledContent, sensitivitiesOf } from './labels.ts'
import type { Sight } from './sight.ts'

const AT_ONCE = 8

/** Within the programme that the records are of nothing is disclosed. 42 CFR 2.12(c)(3) */
const isOfProgramme = ({ tenant }: Careloop, { clientId, reference }: Caller = {}): boolean =>
  (tenant.labels?.programme ?? []).some((member) => member === clientId || member === reference)

/** What one request has learnt of consents, so that it is asked once a patient. */
const sights = new WeakMap<Access, Promise<Sight>>()

const sightOf = (careloop: Careloop, access: Access): Promise<Sight> => {
  const sight =
    sights.get(access) ?? import('./sight.ts').then(({ createSight }) => createSight(careloop, access.caller ?? {}))
  sights.set(access, sight)
  return sight
}

/** What a deleted resource was last is what it is judged by. */
const labelledAtLast = async ({ store }: Careloop, version: Version): Promise<Readonly<Resource> | undefined> => {
  const live = version.deleted && version.v > 1 ? await store.vread(version.type, version.id, version.v - 1) : version
  return live && labelledContent(live)
}

/** Keeps what bears a sensitive label from whoever has no consent of the patient's, and has not broken the glass. See docs/security/consent.md. */
export const labelled: Withholding = {
  concerns: (careloop, { caller }) =>
    careloop.access === 'token' && (careloop.tenant.labels?.enforced ?? true) && !isOfProgramme(careloop, caller),

  async withhold(careloop, access, versions) {
    const hidden = new Set<Version>()
    await boundedly(
      versions.filter((version) => version.deleted || sensitivitiesOf(labelledContent(version) ?? {}).length),
      AT_ONCE,
      async (version) => {
        const content = await labelledAtLast(careloop, version)
        if (!content || !sensitivitiesOf(content).length) return
        if (!(await (await sightOf(careloop, access)).sees(content))) hidden.add(version)
      },
    )
    return hidden.size ? versions.filter((version) => !hidden.has(version)) : versions
  },
}
