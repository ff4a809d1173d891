/** What a client may conclude from an answer, or from none. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown'

/** A resource that an acknowledgement names, and the version it says it has become. */
export interface Named {
  reference: string
  version: number
}

/** One thing a client wanted, told apart from all others by a mark in what it wrote. */
export interface Deed {
  mark: string
  kind: string
  /** how many resources it writes, all or none */
  size: number
  outcome: Outcome
  attempts: number
  /** of an acknowledged one */
  named: Named[]
  /** which criteria it creates on, of a conditional create */
  identifier?: string
  /** of a deletion, which leaves no mark: what it deletes, and the version it was decided on */
  deletes?: Named
}

/** A throttled request may have been done before its answer was lost; so may any that failed on the side of the service. */
const UNSURE = 429
const FIRST_FAILURE = 500

export const outcomeOf = (status: number | undefined): Outcome => {
  if (status === undefined || status === UNSURE || status >= FIRST_FAILURE) return 'unknown'
  return status < 300 ? 'acknowledged' : 'refused'
}

const MARK = /"(mark-\d+)"/

/** The mark in the text of a resource. */
export const markIn = (text: string): string | undefined => MARK.exec(text)?.[1]

/** What all clients did, and what came of it. */
export class Journal {
  readonly deeds: Deed[] = []
  /** answers by status; 0: none came */
  readonly statuses = new Map<number, number>()
  /** what clients found not to be as it had been acknowledged, while it all went on */
  readonly astonished: string[] = []
  looked = 0
  requests = 0

  begin(kind: string, size = 1): Deed {
    const deed: Deed = { mark: `mark-${this.deeds.length + 1}`, kind, size, outcome: 'unknown', attempts: 0, named: [] }
    this.deeds.push(deed)
    return deed
  }

  answered(status: number | undefined): void {
    this.statuses.set(status ?? 0, (this.statuses.get(status ?? 0) ?? 0) + 1)
  }

  count(outcome: Outcome): number {
    return this.deeds.filter((deed) => deed.outcome === outcome).length
  }
}
