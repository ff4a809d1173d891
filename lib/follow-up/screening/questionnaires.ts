import type { Questionnaire, QuestionnaireItem } from 'fhir/r4'
import ahcHrsn from '../../../fhir-profiles/questionnaires/ahc-hrsn.json' with { type: 'json' }
import auditC from '../../../fhir-profiles/questionnaires/audit-c.json' with { type: 'json' }
import cssrsScreener from '../../../fhir-profiles/questionnaires/c-ssrs-screener.json' with { type: 'json' }
import gad7 from '../../../fhir-profiles/questionnaires/gad-7.json' with { type: 'json' }
import hungerVitalSign from '../../../fhir-profiles/questionnaires/hunger-vital-sign.json' with { type: 'json' }
import phq2 from '../../../fhir-profiles/questionnaires/phq-2.json' with { type: 'json' }
import phq9 from '../../../fhir-profiles/questionnaires/phq-9.json' with { type: 'json' }
import prapare from '../../../fhir-profiles/questionnaires/prapare.json' with { type: 'json' }
import type { Search } from '../../search/search.ts'
import { LOINC } from './codes.ts'

/** Every file of fhir-profiles/questionnaires: a bundle cannot look into a folder. */
export const packagedQuestionnaires = [
  phq2,
  phq9,
  gad7,
  auditC,
  hungerVitalSign,
  cssrsScreener,
  prapare,
  ahcHrsn,
] as unknown as readonly Questionnaire[]

/** @throws Error for an id that does not come with Careloop */
export const questionnaire = (id: string): Questionnaire => {
  const found = packagedQuestionnaires.find((candidate) => candidate.id === id)
  if (!found) throw new Error(`there is no packaged Questionnaire ${id}`)
  return found
}

/** The Questionnaire with this id that comes with Careloop, unless the tenant has one with the same url in its place. */
export const packagedUnlessReplaced = async (search: Search, id: string): Promise<Questionnaire | undefined> => {
  const packaged = packagedQuestionnaires.find((candidate) => candidate.id === id)
  if (!packaged) return undefined
  const own = await search.all('Questionnaire', `url=${encodeURIComponent(packaged.url!)}`)
  return own.length ? undefined : packaged
}

/** The items of a form in their order, those within groups too. */
export const itemsOf = (items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] =>
  (items ?? []).flatMap((item) => [item, ...itemsOf(item.item)])

/** The LOINC code of an item, the first when it has several. */
export const loincOf = ({ code = [] }: Pick<QuestionnaireItem, 'code'>): string | undefined =>
  code.find(({ system }) => system === LOINC)?.code
