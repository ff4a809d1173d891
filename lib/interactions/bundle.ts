import { fail } from '../outcome.ts'
import { batch } from './batch.ts'
import type { Interaction } from './interaction.ts'
import { resourceOfType } from './resource-body.ts'
import { transaction } from './transaction.ts'

/** A Bundle posted to the base. Its type says what it is to be. https://hl7.org/fhir/R4/http.html#transaction */
export const bundle: Interaction = async (careloop, request, resolve) => {
  const { type } = resourceOfType('Bundle', request.body)
  if (type === 'transaction') return { ...(await transaction(careloop, request, resolve)), interaction: 'transaction' }
  if (type === 'batch') return { ...(await batch(careloop, request, resolve)), interaction: 'batch' }
  throw fail('invalid', 'A Bundle posted here must have the type transaction or batch.', 'Bundle.type')
}
