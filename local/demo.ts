import { BEGINNING, TIME_ZONE, tellDischargeStory } from './demo/discharge-story.ts'
import { createNarrator, NotAsTold } from './demo/narrator.ts'
import { type Service, startService } from './demo/service.ts'

/** `npm run demo`: from a discharge to an escalation in seconds, on a simulated clock. */

const LAST_LINES = 15

const demo = async (): Promise<void> => {
  const narrator = createNarrator(TIME_ZONE, console.log)
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
  narrator.title('Careloop: what becomes of a discharge')
  narrator.gap()
  let service: Service | undefined
  try {
    service = await startService(BEGINNING)
    narrator.found(`The service runs on this machine, in memory, on a clock that we move (${seconds()} s)`)
    await tellDischargeStory({ service, narrator })
    narrator.title(`Six days in ${seconds()} s. To look around yourself: npm start -- --open`)
  } catch (error) {
    if (service) console.error(`\nThe service said last:\n${service.log.slice(-LAST_LINES).join('\n')}`)
    throw error
  } finally {
    await service?.stop()
  }
}

try {
  await demo()
} catch (error) {
  console.error(`\nNot as it should be: ${error instanceof NotAsTold ? error.message : (error as Error).stack}`)
  process.exitCode = 1
}
