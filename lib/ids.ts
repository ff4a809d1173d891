import { v5, v7 } from 'uuid'

/** Where new ids come from. Nothing else makes one up. */
export interface Ids {
  /** A new logical id: a UUIDv7, so that ids made later sort later. */
  next(): string
}

export const randomIds: Ids = { next: () => v7() }

const CARELOOP_NAMESPACE = '6f0c1f5e-93d1-5c0b-9a53-3c3d1c7a0c11'

/**
 * The id that automation gives to what it creates: a UUIDv5 of the trigger and the step, e.g.
 * `deterministicId('Encounter/123', planDefinitionUrl, 'tcm-visit-14d')`. The same trigger always yields the same id, so an
 * event delivered again finds its work done.
 */
export const deterministicId = (...parts: string[]): string => v5(JSON.stringify(parts), CARELOOP_NAMESPACE)
