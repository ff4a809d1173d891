import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where a tenant's data is kept between runs, held by one runtime at a time. */
export interface DataFolder {
  path: string
  database: string
  checkpoints: string
  /** keys of the development issuer */
  issuer: string
  release(): void
}

/** Another runtime works with the same data. */
export class DataInUse extends Error {
  constructor(path: string, pid: number) {
    super(
      `The data in ${path} is in use by another runtime (process ${pid}): stop that one, or start with --in-memory.`,
    )
    this.name = 'DataInUse'
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const holderOf = (lock: string): number | undefined => {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return undefined
  }
}

/** Makes the folder if need be and takes hold of it. A lock left by a crash is taken over. @throws DataInUse */
export const openDataFolder = (path: string): DataFolder => {
  // DynamoDB Local runs in a folder of its own.
  const database = resolve(path, 'dynamodb')
  mkdirSync(database, { recursive: true })
  const lock = join(path, 'lock')
  const holder = holderOf(lock)
  if (holder && holder !== process.pid && isAlive(holder)) throw new DataInUse(path, holder)
  writeFileSync(lock, String(process.pid))
  return {
    path,
    database,
    checkpoints: join(path, 'stream-checkpoints.json'),
    issuer: join(path, 'issuer'),
    release: () => rmSync(lock, { force: true }),
  }
}
