import { parseArgs } from 'node:util'
import type { Resource } from '../../lib/fhir.ts'
import { requireValid } from '../../lib/interactions/resource-body.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { percentile } from './percentile.ts'
import { aPatient, measuredTask } from './tenant-of-size.ts'

/**
 * `npm run bench:validation -- [--repeat 20000] [--strict]`: what it costs to hold a resource of some 2 KB against the whole definition of its
 * type, as every write does. Exit 1 when a target is missed and --strict is given.
 */
const { values } = parseArgs({
  options: { repeat: { type: 'string', default: '20000' }, strict: { type: 'boolean', default: false } },
})
const repeat = Number(values.repeat)

const LOINC = 'http://loinc.org'
const reading = (code: string, display: string, value: number) => ({
  code: { coding: [{ system: LOINC, code, display }], text: display },
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  referenceRange: [{ high: { value: 140, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } }],
  interpretation: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'N' }] },
  ],
})

const bloodPressure: Resource = {
  resourceType: 'Observation',
  id: 'blood-pressure',
  meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure'] },
  identifier: [{ use: 'official', system: 'urn:bench', value: 'blood-pressure-1' }],
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  code: { coding: [{ system: LOINC, code: '85354-9', display: 'Blood pressure panel' }], text: 'Blood pressure' },
  subject: { reference: 'Patient/p', display: 'Amelia Brandt' },
  encounter: { reference: 'Encounter/e' },
  effectiveDateTime: '2026-11-23T09:30:00-06:00',
  issued: '2026-11-23T09:31:00.000-06:00',
  performer: [{ reference: 'Practitioner/w' }],
  note: [
    {
      time: '2026-11-23T09:31:00-06:00',
      text: 'Sitting, after five minutes of rest; left arm, cuff of the usual size.',
    },
  ],
  bodySite: { coding: [{ system: 'http://snomed.info/sct', code: '368208006', display: 'Left upper arm structure' }] },
  component: [reading('8480-6', 'Systolic blood pressure', 128), reading('8462-4', 'Diastolic blood pressure', 82)],
}

interface Checked {
  name: string
  resource: Resource
  /** milliseconds at the median */
  target: number
}

const checked: readonly Checked[] = [
  { name: 'Task', resource: measuredTask('validated'), target: 0.1 },
  { name: 'Observation', resource: bloodPressure, target: 0.1 },
  { name: 'Patient', resource: aPatient(), target: 0.1 },
]

console.log(`Structural checks in milliseconds, ${repeat} repetitions\n`)
let isMissed = false
for (const { name, resource, target } of checked) {
  const text = JSON.stringify(resource)
  const began = performance.now()
  await requireValid({ tenant: defaultSettings }, resource)
  const first = performance.now() - began
  const taking = new Float64Array(repeat)
  for (let n = -repeat / 2; n < repeat; n += 1) {
    const fresh = JSON.parse(text) as Resource
    const started = performance.now()
    await requireValid({ tenant: defaultSettings }, fresh)
    if (n >= 0) taking[n] = performance.now() - started
  }
  taking.sort()
  const [p50, p95] = [percentile(taking, 0.5), percentile(taking, 0.95)]
  isMissed ||= p50 > target
  const numbers = `p50 ${p50.toFixed(3)} (target ${target})  p95 ${p95.toFixed(3)}  first ${first.toFixed(1)}`
  console.log(`${name.padEnd(12)} ${text.length} bytes  ${numbers}`)
}
process.exitCode = isMissed && values.strict ? 1 : 0
