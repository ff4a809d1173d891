import { planted } from '../support/planted-phi.ts'

const MRN = 'urn:oid:2.16.840.1.113883.19.5'

/** The patient that must not be seen anywhere but in answers. */
export const plantedPatient = {
  resourceType: 'Patient',
  id: 'amelia',
  identifier: [
    { system: MRN, value: planted.mrn },
    { system: 'http://hl7.org/fhir/sid/us-ssn', value: planted.ssn },
  ],
  name: [{ family: planted.family, given: [planted.given], text: `${planted.given} ${planted.family}` }],
  birthDate: planted.birthDate,
  telecom: [
    { system: 'phone', value: planted.phone },
    { system: 'email', value: planted.email },
  ],
  address: [{ line: [planted.line], city: planted.city, postalCode: planted.postalCode }],
}

/** A reference as clients send it, with a name to show. */
export const plantedReference = { reference: 'Patient/amelia', display: `${planted.given} ${planted.family}` }

const words = Object.values(planted).flatMap((text) => [text, encodeURIComponent(text), text.replaceAll('-', '')])

/** What of the patient a text says. */
export const saidOfPatient = (text: string): string[] => words.filter((word) => text.includes(word))
