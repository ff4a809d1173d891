import type { EventBridgeHandler } from 'aws-lambda'
import type { Careloop } from '../careloop.ts'
import type { EventDetail, EventName } from './contract.ts'
import { errorName, logLine } from './log.ts'

/** What a consumer makes of an event; gives the outcome for the log. Must bear any event any number of times. */
export type Consumer<Name extends EventName> = (careloop: Careloop, detail: EventDetail<Name>) => Promise<string>

/** An event could not be processed; thrown so that it is delivered again and at last kept with the dead letters. */
export class ConsumerFailed extends Error {
  constructor(event: string, cause: string) {
    super(`${event} was not processed: ${cause}`)
    this.name = 'ConsumerFailed'
  }
}

/** A Lambda function for one rule of the bus. */
export const consumer =
  <Name extends EventName>(
    careloop: Careloop,
    consume: Consumer<Name>,
  ): EventBridgeHandler<Name, EventDetail<Name>, void> =>
  async ({ 'detail-type': event, detail }) => {
    const { reference, version } = detail
    try {
      logLine({ event, reference, version, outcome: await consume(careloop, detail) })
    } catch (error) {
      logLine({ event, reference, version, outcome: 'failed', error: errorName(error) })
      throw new ConsumerFailed(event, errorName(error))
    }
  }
