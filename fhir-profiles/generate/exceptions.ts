/**
 * What the published expressions say in a way that the text of lib/search/parameter.ts cannot: `declared` in our own words, or left
 * out with the reason. The generator refuses an entry that is not needed, and prints the ones left out.
 */
export interface Exception {
  type: string
  code: string
  reason: string
  /** The declaration to use; none: the parameter is not supported. */
  declared?: string
}

const phonetic = (type: string): Exception => ({
  type,
  code: 'phonetic',
  reason: 'the specification names no algorithm, and matching the plain name would claim what we do not do',
})

const extensionExample = (code: string): Exception => ({
  type: 'Patient',
  code,
  reason: 'published as an example of how to define a parameter, not for use',
})

const genetics = (code: string): Exception => ({
  type: 'Observation',
  code,
  reason: 'searches an extension for genetics that the R4 package does not define',
})

export const EXCEPTIONS: readonly Exception[] = [
  {
    type: 'Patient',
    code: 'deceased',
    reason: 'a comparison of two elements, not a path: true when deceasedDateTime is there or deceasedBoolean is true',
    declared: 'token :deceased',
  },
  {
    type: 'Patient',
    code: 'race',
    reason: 'US Core: the codes of every part of the race extension, which are Codings',
    declared:
      'token extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-race].extension.valueCoding:Coding',
  },
  {
    type: 'Patient',
    code: 'ethnicity',
    reason: 'US Core: the codes of every part of the ethnicity extension, which are Codings',
    declared:
      'token extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity].extension.valueCoding:Coding',
  },
  {
    type: 'Condition',
    code: 'asserted-date',
    reason: 'US Core: the extension is defined to hold a dateTime only',
    declared:
      'date extension[url=http://hl7.org/fhir/StructureDefinition/condition-assertedDate].valueDateTime:dateTime',
  },
  {
    type: 'Device',
    code: 'din',
    reason: 'searches an extension under the address of its search parameter, where no extension is defined',
  },
  {
    type: 'DiagnosticReport',
    code: 'assessed-condition',
    reason: 'written as a function of the resource: the extension is defined to hold a reference to a Condition only',
    declared:
      'reference(Condition) extension[url=http://hl7.org/fhir/StructureDefinition/DiagnosticReport-geneticsAssessedCondition].valueReference:Reference',
  },
  {
    type: 'Location',
    code: 'near',
    reason: 'a distance on the globe: of type special, which needs an index of its own',
  },
  {
    type: 'QuestionnaireResponse',
    code: 'item-subject',
    reason: 'keeps items by an extension they carry; a path can only keep elements by a code',
  },
  ...['Patient', 'Practitioner', 'RelatedPerson', 'Organization'].map(phonetic),
  ...['age', 'birthOrderBoolean', 'mothersMaidenName', 'part-agree'].map(extensionExample),
  ...['amino-acid-change', 'dna-variant', 'gene-amino-acid-change', 'gene-dnavariant', 'gene-identifier'].map(genetics),
]
