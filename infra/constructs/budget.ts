import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'

export interface BudgetProps {
  readonly tenant: string
  readonly monthlyUsd: number
  readonly topic: ITopic
}

/** The tag that everything of a tenant has; it must be activated as a cost allocation tag before costs can be told apart by it. */
export const TENANT_TAG = 'careloop:tenant'

const TELL_AT_PERCENT = [80, 100]

/** Tells of what the tenant has cost this month. */
export const createBudget = (scope: Construct, id: string, { tenant, monthlyUsd, topic }: BudgetProps): CfnBudget =>
  new CfnBudget(scope, id, {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${TENANT_TAG}$${tenant}`] },
    },
    notificationsWithSubscribers: TELL_AT_PERCENT.map((threshold) => ({
      notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  })
