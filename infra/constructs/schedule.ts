import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule as RuleSchedule } from 'aws-cdk-lib/aws-events'
import { Construct } from 'constructs'
import { DeadLetters } from './dead-letters.ts'
import { reliableTarget, retryInvocations } from './events.ts'
import type { Handlers } from './handler.ts'
import type { Storage } from './storage.ts'

export interface ScheduleProps {
  readonly handlers: Handlers
  readonly storage: Storage
}

export const WAKE = 'schedule/wake'

/** The care clocks: each minute, whatever has come due is woken. A minute that fails is made up for by the next. */
export class Schedule extends Construct {
  readonly missedMinutes: DeadLetters

  constructor(scope: Construct, id: string, { handlers, storage }: ScheduleProps) {
    super(scope, id)
    const wake = handlers.named(WAKE, 'the rule of each minute')
    this.missedMinutes = new DeadLetters(this, 'MissedMinutes', storage.key)
    storage.grantWake(wake)
    retryInvocations(wake, this.missedMinutes)
    new Rule(this, 'EveryMinute', {
      schedule: RuleSchedule.rate(Duration.minutes(1)),
      targets: [reliableTarget(wake, this.missedMinutes)],
    })
  }
}
