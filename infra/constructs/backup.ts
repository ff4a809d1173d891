import { Duration } from 'aws-cdk-lib'
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { Construct } from 'constructs'
import type { Storage } from './storage.ts'

export interface BackupProps {
  readonly storage: Storage
  /** How long the backup of each 1 January is kept. */
  readonly years: number
}

const DAYS_OF_WEEKLY = 35
const DAYS_A_YEAR = 366

/**
 * What point-in-time recovery, which reaches back 35 days and goes with the table, does not give: backups that outlive the table. One a week
 * and one a year: each is a full copy, and with one a day they would be most of the bill. docs/operations/restore.md
 */
export class Backup extends Construct {
  readonly vault: BackupVault

  constructor(scope: Construct, id: string, { storage, years }: BackupProps) {
    super(scope, id)
    this.vault = new BackupVault(this, 'Vault', { encryptionKey: storage.key, blockRecoveryPointDeletion: true })
    const plan = new BackupPlan(this, 'Plan', { backupVault: this.vault })
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'weekly',
        scheduleExpression: Schedule.cron({ weekDay: 'SUN', hour: '8', minute: '0' }),
        deleteAfter: Duration.days(DAYS_OF_WEEKLY),
      }),
    )
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'yearly',
        scheduleExpression: Schedule.cron({ month: '1', day: '1', hour: '6', minute: '0' }),
        deleteAfter: Duration.days(years * DAYS_A_YEAR),
      }),
    )
    plan.addSelection('Table', { resources: [BackupResource.fromDynamoDbTable(storage.table)] })
  }
}
