import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'

/** Where alarms and the budget tell; each address is asked by e-mail once whether it wants to hear. */
export const createAlarmTopic = (scope: Construct, id: string, key: IKey, emails: readonly string[]): Topic => {
  const topic = new Topic(scope, id, { masterKey: key, enforceSSL: true })
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'].map((name) => new ServicePrincipal(name)),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  )
  for (const email of emails) topic.addSubscription(new EmailSubscription(email))
  return topic
}
