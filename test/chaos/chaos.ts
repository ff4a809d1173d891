import { Temporal } from 'temporal-polyfill'
import { facilities, locationOf } from '../simulate/facilities.ts'
import { type Check, Promises } from '../simulate/promises.ts'
import { createRandom } from '../simulate/random.ts'
import type { Stay } from '../simulate/stays.ts'
import { createClient } from './client.ts'
import type { Fault } from './faulty-database.ts'
import { Journal } from './journal.ts'
import { workersOf } from './load.ts'
import { lookAt } from './look.ts'
import { owners, PATIENTS, patientOf } from './resources.ts'
import { Stage } from './scene.ts'
import { addressOf, type Stored, storedIn } from './stored.ts'
import { blow, type Weather } from './storm.ts'
import { createWorld, type World } from './world.ts'

const START = '2026-11-02T14:00:00.000Z'
/** Long enough for whatever is pending to expire, and for what is due to be late. */
const AFTERMATH_HOURS = 80
const MINUTE_MS = 60_000

export interface ChaosOptions {
  minutes: number
  seed: number
  say: (line: string) => void
}

export interface ChaosOutcome {
  journal: Journal
  weather: Weather
  checks: Check[]
  requestsToDatabase: number
  faults: ReadonlyMap<Fault, number>
  deadLetters: number
  stays: number
  now: string
}

/** What is there before it begins. */
const prepare = async (stage: Stage): Promise<void> => {
  const client = createClient(stage, new Journal())
  const there = [...facilities.map(locationOf), ...owners(), ...PATIENTS.map((id) => patientOf(id, 'before'))]
  for (const resource of there) {
    const answer = await client.send('PUT', `/${resource.resourceType}/${resource.id}`, resource)
    if (answer?.status !== 201) throw new Error(`${resource.resourceType}/${resource.id} is answered ${answer?.status}`)
  }
}

const restart = async (world: World): Promise<void> => {
  await world.kill()
  await world.start()
}

/** Without faults: lets all that is left happen. @throws Error when the service does not answer */
const settle = async (world: World, to = world.now): Promise<void> => {
  if (!(await world.moveClock(to))) throw new Error(`the service does not come to rest at ${to}`)
}

/** What is not the same any more. Rows are left aside: whoever meets a dead one removes it. */
const differencesOf = (before: Stored, after: Stored): string[] => {
  const textsOf = ({ items }: Stored) =>
    new Map(items.filter((item) => Object.keys(item).length > 2).map((item) => [addressOf(item), JSON.stringify(item)]))
  const [then, now] = [textsOf(before), textsOf(after)]
  return [...new Set([...then.keys(), ...now.keys()])].filter((key) => then.get(key) !== now.get(key))
}

/** Kills, faults, jumps of the clock and a stream at its worst, under load; then calm, and a look at all that was promised. */
export const chaos = async ({ minutes, seed, say }: ChaosOptions): Promise<ChaosOutcome> => {
  const random = createRandom(seed)
  const stage = new Stage()
  const world = await createWorld(random.fork(), stage, START)
  try {
    await world.start()
    await prepare(stage)
    say(`The storm begins, for ${minutes} minutes`)
    const journal = new Journal()
    const told = new Map<string, Stay>()
    const until = performance.now() + minutes * MINUTE_MS
    const workers = workersOf({ scene: stage, journal, now: () => world.reached, stays: told })
    const working = workers.map((work, n) => work(random.fork(), `w${n}`))
    const weather = await blow(random.fork(), world, stage, until)

    stage.over = true
    world.database.severity = 0
    await Promise.all(working)
    say('The storm is over')
    await world.database.quiet()
    await restart(world)
    await settle(world)
    const deadLetters = world.deadLetters().length
    if (deadLetters) {
      say(`${deadLetters} dead letters are given to their functions once more`)
      world.forgetCheckpoints()
      await restart(world)
      await settle(world)
    }
    await settle(world, Temporal.Instant.from(world.now).add({ hours: AFTERMATH_HOURS }).toString())

    say('All is settled; looking')
    const promises = new Promises()
    const stored = storedIn(await world.scan())
    await lookAt(world, journal, told.values(), stored, promises, START)

    say('The whole stream once more')
    world.forgetCheckpoints()
    await restart(world)
    await settle(world)
    const again = storedIn(await world.scan())
    const changed = differencesOf(stored, again)
    const same = promises.check('To deliver the whole stream once more changes nothing')
    for (const key of changed) same(key.replace('\n', ' '), false)
    for (let n = changed.length; n < again.items.length; n += 1) same('item', true)
    const letters = promises.check('Nothing is given up once the faults are over')
    for (const letter of world.deadLetters()) letters(letter, false)
    letters('none', true)

    const { requests, faults } = world.database
    return {
      journal,
      weather,
      checks: promises.checks,
      requestsToDatabase: requests,
      faults,
      deadLetters,
      stays: told.size,
      now: world.now,
    }
  } finally {
    await world.stop()
  }
}
