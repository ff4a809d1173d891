import { describe, expect, test } from '@jest/globals'
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag'
import { ACKNOWLEDGEMENTS, acknowledge } from '../../infra/constructs/acknowledgements.ts'
import { OPEN_PATHS } from '../../infra/constructs/authorizer.ts'
import { createStack } from './tenant-template.ts'

interface Finding {
  id: string
  /** path of the resource in the stack */
  at: string
}

const findings = (isAcknowledged: boolean): Finding[] => {
  const { app, stack } = createStack()
  if (isAcknowledged) acknowledge(stack)
  return [new AwsSolutionsChecks(app), new HIPAASecurityChecks(app)]
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({
        id: ruleName,
        at: (constructPath ?? '').replace(/^tenant\//, ''),
      })),
    )
}

describe('findings of cdk-nag', () => {
  test('there is none that is not acknowledged', () => {
    expect(findings(true)).toEqual([])
  })

  test('whatever is acknowledged is found: what is mended leaves the list', () => {
    const found = findings(false)
    const idle = ACKNOWLEDGEMENTS.filter(
      ({ id, at }) => !found.some((finding) => finding.id === id && finding.at.startsWith(`${at}/`)),
    )
    expect(idle).toEqual([])
  })

  test('those acknowledged are these, each with a reason', () => {
    for (const { reason } of ACKNOWLEDGEMENTS) expect(reason).toMatch(/^\S.{20,}$/)
    const push = 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role'
    expect(ACKNOWLEDGEMENTS.map(({ id, at }) => `${id} ${at}`)).toEqual([
      'AwsSolutions-IAM5[Resource::*] Functions/StreamPublish/Role',
      `AwsSolutions-IAM4[${push}/AmazonAPIGatewayPushToCloudWatchLogs] Api/RestApi/CloudWatchRole`,
      `AwsSolutions-IAM4[${push}/AWSBackupServiceRolePolicyForBackup] Backup/Plan/Table/Role`,
      'HIPAA.Security-IAMNoInlinePolicy Functions',
      'HIPAA.Security-LambdaConcurrency Functions',
      'HIPAA.Security-LambdaDLQ Functions',
      'HIPAA.Security-LambdaInsideVPC Functions',
      'AwsSolutions-COG4 Api/RestApi',
      'AwsSolutions-APIG2 Api/RestApi',
      ...OPEN_PATHS.map((path) => `AwsSolutions-APIG4 Api/RestApi/Default${path}/ANY`),
      'AwsSolutions-APIG6 Api/RestApi/DeploymentStage.careloop',
      'HIPAA.Security-APIGWExecutionLoggingEnabled Api/RestApi/DeploymentStage.careloop',
      'HIPAA.Security-APIGWCacheEnabledAndEncrypted Api/RestApi/DeploymentStage.careloop',
      'HIPAA.Security-APIGWSSLEnabled Api/RestApi/DeploymentStage.careloop',
      'HIPAA.Security-APIGWXrayEnabled Api/RestApi/DeploymentStage.careloop',
      'AwsSolutions-SQS3 Events/UnpublishedRecords',
      'AwsSolutions-SQS3 Events/UnprocessedEvents',
      'AwsSolutions-SQS3 Events/UndeliveredEvents',
      'AwsSolutions-SQS3 Schedule/MissedMinutes',
    ])
  })
})
