/** A promise, how often it was put to the test, and where it was broken. */
export interface Check {
  promise: string
  looked: number
  broken: string[]
}

/** Notes down whether a promise was kept for what a reference names. */
export type Note = (reference: string, holds: boolean) => void

/** All promises of a simulation, in the order in which they were first looked at. */
export class Promises {
  readonly checks: Check[] = []

  check(promise: string): Note {
    const result: Check = { promise, looked: 0, broken: [] }
    this.checks.push(result)
    return (reference, holds) => {
      result.looked += 1
      if (!holds) result.broken.push(reference)
    }
  }
}

export const referenceOf = ({ resourceType, id }: { resourceType: string; id?: string }): string =>
  `${resourceType}/${id}`
