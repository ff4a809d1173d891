import type { Communication, Encounter, Patient, Task } from 'fhir/r4'
import { createCareloop } from '../../../lib/careloop.ts'
import { type Clock, instantOf } from '../../../lib/clock.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { randomIds } from '../../../lib/ids.ts'
import { processAdt } from '../../../lib/messages/process-adt.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { resourceOf } from '../../../lib/store/version.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { type AdtText, er7 } from './er7.ts'

export const MRN = 'https://hosp.example/mrn'

export const patient = (id: string, mrn: string, elements: Partial<Patient> = {}): Resource =>
  ({
    resourceType: 'Patient',
    id,
    identifier: [{ system: MRN, value: mrn }],
    ...elements,
  }) as unknown as Resource

/** Goes on by one second whenever it is asked. */
const steppingClock = (): Clock => {
  let now = Date.parse('2026-01-05T12:00:00.000Z')
  return {
    now: () => {
      now += 1_000
      return instantOf(now)
    },
  }
}

/** A tenant that hears of the patients of HOSP: Patient/amelia has the record number 4711. */
export const hospital = async () => {
  const careloop = createCareloop({
    table: new MemoryTable(),
    clock: steppingClock(),
    ids: randomIds,
    access: 'open',
    tenant: { ...defaultSettings, timeZone: 'America/Chicago', hl7v2: { assigningAuthorities: { HOSP: MRN } } },
  })
  const { store, search } = careloop
  const commit = store.write.bind(store)
  let committed = 0
  store.write = async (writes) => {
    const versions = await commit(writes)
    committed += versions.length
    return versions
  }
  const put = async (resource: Resource) => {
    const base = await store.read(resource.resourceType, resource.id!)
    await store.write([{ type: resource.resourceType, id: resource.id!, resource, base, method: 'PUT' }])
  }
  const all = async <Type>(type: string, query = ''): Promise<Type[]> =>
    (await search.all(type, query)).map((version) => resourceOf(version) as Type)
  await put(patient('amelia', '4711'))
  return {
    careloop,
    put,
    all,
    /** posts a message; gives its acknowledgement by segment */
    async tell(text: AdtText | string) {
      const answer = await processAdt(careloop, () => (typeof text === 'string' ? text : er7(text)), 'request-1')
      const segments = answer.text.split('\r').map((segment) => segment.split('|'))
      const of = (name: string) => segments.find(([first]) => first === name)
      return { ...answer, code: of('MSA')?.[1], error: of('ERR') }
    },
    read: async <Type>(reference: string): Promise<Type> => {
      const [type, id] = reference.split('/') as [string, string]
      return resourceOf((await store.read(type, id))!) as Type
    },
    /** how many versions have been written so far */
    versions: () => committed,
    encounters: () => all<Encounter>('Encounter'),
    receipts: () => all<Communication>('Communication'),
    tasks: () => all<Task>('Task'),
  }
}
