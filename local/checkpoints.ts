import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** How far each shard of a stream has been processed: a sequence number, by shard. */
export interface Checkpoints {
  get(shardId: string): string | undefined
  set(shardId: string, sequenceNumber: string): void
}

export const memoryCheckpoints = (): Checkpoints => new Map<string, string>()

interface Kept {
  stream: string
  shards: Record<string, string>
}

const read = (file: string): Kept | undefined => {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined
  } catch {
    return undefined
  }
}

/**
 * Checkpoints in a file, so that a restart goes on where the last run stopped. Those of another stream are not used: processing
 * from the oldest record on is harmless (consumers are idempotent), leaving one out is not.
 */
export const fileCheckpoints = (file: string, streamArn: string): Checkpoints => {
  const kept = read(file)
  const shards = new Map(kept?.stream === streamArn ? Object.entries(kept.shards) : [])
  return {
    get: (shardId) => shards.get(shardId),
    set(shardId, sequenceNumber) {
      shards.set(shardId, sequenceNumber)
      const text = JSON.stringify({ stream: streamArn, shards: Object.fromEntries(shards) } satisfies Kept)
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
    },
  }
}
