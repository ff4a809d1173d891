import type { Acuity } from './acuity.ts'
import { type Candidate, choose, type Wanted } from './choose.ts'

/** Above this share of their capacity somebody is to be relieved. */
const RELIEVED_ABOVE = 1

/** A case that may move. */
export interface Movable {
  patient: string
  acuity: Acuity
  isNew: boolean
  /** points, with the open work that goes along */
  weight: number
  wanted: Omit<Wanted, 'prior'>
}

/** Somebody and what they carry. */
export interface Carrier extends Candidate {
  cases: readonly Movable[]
}

export interface Move {
  patient: string
  from: string
  to: string
  /** that somebody is away, or has too much */
  reason: 'absent' | 'over-capacity'
  weight: number
  /** load by capacity of both, before and after */
  giver: readonly [before: number, after: number]
  taker: readonly [before: number, after: number]
}

export interface Stuck {
  patient: string
  from: string
  reason: Move['reason']
}

const shareOf = ({ load, capacity }: Candidate): number => (capacity > 0 ? load / capacity : load > 0 ? Infinity : 0)

/** What costs least to hand over: who is new knows nobody yet; then the lightest. */
const byCostOfMoving = (a: Movable, b: Movable): number =>
  Number(b.isNew) - Number(a.isNew) || a.weight - b.weight || (a.patient < b.patient ? -1 : 1)

/**
 * Which cases had better be somebody else's: all of those who are away, then of those above their capacity so many that they are not, the
 * new and the light ones first. Nobody is brought above their capacity by it, and no move makes the taker fuller than the giver was. Pure.
 */
export const rebalance = (carriers: readonly Carrier[]): { moves: Move[]; stuck: Stuck[] } => {
  const now = new Map(carriers.map((carrier) => [carrier.worker, { ...carrier }]))
  const moves: Move[] = []
  const stuck: Stuck[] = []

  const relieve = (giver: Carrier, one: Movable, reason: Move['reason']): void => {
    const takers = [...now.values()].filter(
      (taker) => taker.worker !== giver.worker && (taker.load + one.weight) / taker.capacity <= RELIEVED_ABOVE,
    )
    const { chosen } = choose(takers, one.wanted)
    if (chosen === undefined) {
      stuck.push({ patient: one.patient, from: giver.worker, reason })
      return
    }
    const taker = now.get(chosen)!
    const before = [shareOf(giver), shareOf(taker)] as const
    giver.load -= one.weight
    taker.load += one.weight
    moves.push({
      patient: one.patient,
      from: giver.worker,
      to: chosen,
      reason,
      weight: one.weight,
      giver: [before[0], shareOf(giver)],
      taker: [before[1], shareOf(taker)],
    })
  }

  const all = [...now.values()].sort((a, b) => (a.worker < b.worker ? -1 : 1))
  for (const giver of all.filter(({ unavailable }) => unavailable === 'absent' || unavailable === 'inactive'))
    for (const one of [...giver.cases].sort(byCostOfMoving)) relieve(giver, one, 'absent')
  for (const giver of all
    .filter(({ unavailable }) => unavailable === undefined)
    .sort((a, b) => shareOf(b) - shareOf(a)))
    for (const one of [...giver.cases].sort(byCostOfMoving))
      if (shareOf(giver) > RELIEVED_ABOVE) relieve(giver, one, 'over-capacity')
  return { moves, stuck }
}
