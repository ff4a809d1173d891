import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InputFile } from './discover.ts'
import type { TypeCounts } from './tally.ts'

/** How far a file has come. */
export interface FileMemory {
  /** of the file as it was: another size or time of change is another file */
  bytes: number
  modified: number
  /** what its chunks were made with; other chunks cannot be skipped by number */
  layout: string
  /** number of the first chunk that was not sent yet */
  next: number
  /** chunks before that of which something was lost: they are sent again */
  lost: number[]
  /** the whole file was acknowledged */
  done: boolean
  counts: Record<string, TypeCounts>
  /** ids the server gave, by fullUrl */
  assigned: Record<string, string>
  /** `Type/id` of something it holds: where the server does not know it, this memory is of another server */
  witness?: string
}

interface StateFile {
  server: string
  files: Record<string, FileMemory>
}

export interface LoadStateParts {
  /** where the states of all runs lie */
  directory: string
  server: string
  paths: readonly string[]
}

/** What earlier runs over the same paths and server have done. Written after every chunk, so that a killed run can go on. */
export class LoadState {
  readonly path: string
  readonly #directory: string
  readonly #state: StateFile

  constructor({ directory, server, paths }: LoadStateParts) {
    const name = createHash('sha256')
      .update(JSON.stringify([server, [...paths].sort()]))
      .digest('hex')
      .slice(0, 16)
    this.#directory = directory
    this.path = join(directory, `${name}.json`)
    this.#state = this.#read(server)
  }

  #read(server: string): StateFile {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as StateFile
    } catch {
      return { server, files: {} }
    }
  }

  /** What is remembered of a file, if the file is still the same. */
  of({ path, bytes, modified }: InputFile, layout: string): FileMemory | undefined {
    const memory = this.#state.files[path]
    return memory?.bytes === bytes && memory.modified === modified && memory.layout === layout ? memory : undefined
  }

  remember({ path }: InputFile, memory: FileMemory): void {
    this.#state.files[path] = memory
    mkdirSync(this.#directory, { recursive: true })
    // Renamed into place: a run that is killed while writing leaves the state of the chunk before.
    const draft = `${this.path}.${process.pid}`
    writeFileSync(draft, JSON.stringify(this.#state))
    renameSync(draft, this.path)
  }

  forget(): void {
    this.#state.files = {}
    rmSync(this.path, { force: true })
  }
}
