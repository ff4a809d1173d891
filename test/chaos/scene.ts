import { setTimeout as delay } from 'node:timers/promises'

/** What clients and those who trouble them share. */
export interface Scene {
  /** Base URL of the service; while there is none, or nobody may go on, it waits. */
  service(): Promise<string>
  isOver(): boolean
}

const LOOK_EVERY_MS = 20

export class Stage implements Scene {
  base: string | undefined
  /** clients wait before their next request */
  held = false
  over = false

  async service(): Promise<string> {
    while (!this.base || this.held) await delay(LOOK_EVERY_MS)
    return this.base
  }

  isOver(): boolean {
    return this.over
  }
}
