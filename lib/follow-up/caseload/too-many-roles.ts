import { fail } from '../../outcome.ts'

/** What was found of workers. @throws FhirError unprocessable (422) when there are more than can be weighed at once */
export const tooManyRoles = async <Found>(found: Promise<Found>): Promise<Found> => {
  try {
    return await found
  } catch (error) {
    if (error instanceof RangeError)
      throw fail(
        'unprocessable',
        'There are too many roles, cases or Tasks to weigh at once: at most 200 roles, and 5000 of anything of one of them. Name candidates.',
      )
    throw error
  }
}
