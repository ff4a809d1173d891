import type { ResourceDeclaration } from './declaration.ts'

/**
 * The check of what a resource of a type holds, by check.ts. The schemas and the library they are written with are a tenth of what a function
 * would read at its start: they are loaded with the first resource that is checked, so that reading does without them.
 */
export const contentCheck =
  (type: string): ResourceDeclaration['check'] =>
  async (resource) => {
    const { checkWith } = await import('./check.ts')
    return checkWith(type)(resource)
  }
