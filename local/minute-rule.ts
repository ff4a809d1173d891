import { randomUUID } from 'node:crypto'
import type { ScheduledEvent } from 'aws-lambda'
import type { Clock } from '../lib/clock.ts'
import type { AsyncInvocations } from './async-invocations.ts'
import type { Blueprint } from './blueprint.ts'
import { ACCOUNT, REGION } from './intrinsics.ts'

const EVERY_MINUTE = 'rate(1 minute)'
const MINUTE_MS = 60_000

export interface MinuteRuleOptions {
  blueprint: Pick<Blueprint, 'rules' | 'functions'>
  invocations: AsyncInvocations
  clock: Clock
}

/** What the scheduled rules do when a minute has come. @throws Error when a rule has another schedule than each minute */
export const createMinuteRule = ({ blueprint, invocations, clock }: MinuteRuleOptions): (() => void) => {
  const scheduled = blueprint.rules.filter((rule) => rule.schedule !== undefined)
  for (const { name, schedule } of scheduled)
    if (schedule !== EVERY_MINUTE)
      throw new Error(
        `the one-machine runtime keeps ${EVERY_MINUTE} only; rule ${name} has ${schedule}: teach it in local/minute-rule.ts`,
      )

  return () => {
    for (const { name, arn, functionArns } of scheduled) {
      const event: ScheduledEvent = {
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: ACCOUNT,
        time: clock.now().replace(/\.\d+Z$/, 'Z'),
        region: REGION,
        resources: [arn],
        detail: {},
      }
      for (const functionArn of functionArns) {
        const retries = blueprint.functions.get(functionArn)?.asyncRetries ?? 0
        invocations.enqueue({ functionArn, event, about: `rule ${name} at ${event.time}`, retries })
      }
    }
  }
}

/** Calls `tick` now, to catch up, and then at the beginning of each minute of the machine's clock, until the signal. */
export const everyMinute = (tick: () => void, signal: AbortSignal): void => {
  let timer: NodeJS.Timeout
  const wait = () => {
    timer = setTimeout(
      () => {
        tick()
        wait()
      },
      MINUTE_MS - (Date.now() % MINUTE_MS),
    )
  }
  signal.addEventListener('abort', () => clearTimeout(timer))
  tick()
  wait()
}
