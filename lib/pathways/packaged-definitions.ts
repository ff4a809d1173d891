import type { PlanDefinition } from 'fhir/r4'
import bereavementClosure from '../../fhir-profiles/plan-definitions/bereavement-closure.json' with { type: 'json' }
import facilityStay from '../../fhir-profiles/plan-definitions/facility-stay.json' with { type: 'json' }
import fmc from '../../fhir-profiles/plan-definitions/fmc.json' with { type: 'json' }
import transitionOfCare100 from '../../fhir-profiles/plan-definitions/former/transition-of-care-1.0.0.json' with {
  type: 'json',
}
import fua from '../../fhir-profiles/plan-definitions/fua.json' with { type: 'json' }
import fuh from '../../fhir-profiles/plan-definitions/fuh.json' with { type: 'json' }
import fum from '../../fhir-profiles/plan-definitions/fum.json' with { type: 'json' }
import highRiskCall from '../../fhir-profiles/plan-definitions/high-risk-call.json' with { type: 'json' }
import hospiceHandOver from '../../fhir-profiles/plan-definitions/hospice-hand-over.json' with { type: 'json' }
import readmissionReview from '../../fhir-profiles/plan-definitions/readmission-review.json' with { type: 'json' }
import readmissionWatch from '../../fhir-profiles/plan-definitions/readmission-watch.json' with { type: 'json' }
import transitionOfCare from '../../fhir-profiles/plan-definitions/transition-of-care.json' with { type: 'json' }
import trc from '../../fhir-profiles/plan-definitions/trc.json' with { type: 'json' }
import trcAdmission from '../../fhir-profiles/plan-definitions/trc-admission.json' with { type: 'json' }

/** Every file of fhir-profiles/plan-definitions: a bundle cannot look into a folder. */
export const packagedDefinitions = [
  bereavementClosure,
  facilityStay,
  fmc,
  fua,
  fuh,
  fum,
  highRiskCall,
  hospiceHandOver,
  readmissionReview,
  readmissionWatch,
  transitionOfCare,
  trc,
  trcAdmission,
] as unknown as readonly PlanDefinition[]

/**
 * Former versions of them that plans still run under, every file of fhir-profiles/plan-definitions/former: when a definition changes in
 * what it asks for, raise its version and keep the former file there.
 */
export const formerDefinitions = [transitionOfCare100] as unknown as readonly PlanDefinition[]
