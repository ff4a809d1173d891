import type { Random } from '../simulate/random.ts'

/** Of a record of the stream, what says which item it is about. */
export interface StreamRecord {
  dynamodb?: { Keys?: { pk?: { S?: string }; sk?: { S?: string } } }
}

const itemOf = ({ dynamodb }: StreamRecord): string => `${dynamodb?.Keys?.pk?.S} ${dynamodb?.Keys?.sk?.S}`

/** The records in another order; those of one item keep theirs, as DynamoDB promises. */
export const shuffledBetweenItems = <Of extends StreamRecord>(random: Random, records: readonly Of[]): Of[] => {
  const byItem = Map.groupBy(records, itemOf)
  const next = new Map([...byItem].map(([item, own]) => [item, own.values()]))
  return random.shuffled(records.map(itemOf)).map((item) => next.get(item)!.next().value!)
}

/** The records, and some stretch of them once more behind: what a reader does that was ended before it could say how far it came. */
export const doubled = <Of>(random: Random, records: readonly Of[]): Of[] => {
  const from = random.between(0, records.length - 1)
  return [...records, ...records.slice(from, random.between(from + 1, records.length))]
}
