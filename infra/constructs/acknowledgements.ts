import { type Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** A finding of cdk-nag that is as it should be. */
export interface Acknowledgement {
  /** of the rule; what is in brackets says which finding of it */
  readonly id: string
  /** path of a construct in the stack; the finding is acknowledged for it and all below */
  readonly at: string
  readonly reason: string
}

const STAGE = 'Api/RestApi/DeploymentStage.careloop'

const OPEN: Readonly<Record<string, string>> = {
  'fhir/metadata':
    'What the API can do is read before a token is asked for: https://hl7.org/fhir/R4/http.html#capabilities',
  'fhir/openapi.json': 'The description of the API; it holds nothing of the tenant.',
  'fhir/.well-known/{proxy+}': 'Where tokens are to be had must be read without one: SMART App Launch, section 2.1.',
  'calendar/{calendar}': 'Calendar programs can send nothing but an address: 256 random bits in it are checked.',
  'referral/{token}': 'An agency without an account has a link: the sealed token in it is checked.',
}

const QUEUES = [
  'Events/UnpublishedRecords',
  'Events/UnprocessedEvents',
  'Events/UndeliveredEvents',
  'Schedule/MissedMinutes',
]

/** Every finding that is not mended, each with its reason. test/infra/acknowledgements.test.ts pins the list. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    at: 'Functions/StreamPublish/Role',
    reason: 'dynamodb:ListStreams, which Lambda asks for to read a stream, knows no resource; it lists names.',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    at: 'Api/RestApi/CloudWatchRole',
    reason: 'API Gateway takes no role for the account with less, and itself alone can take the role.',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
    at: 'Backup/Plan/Table/Role',
    reason:
      'What AWS Backup needs changes with AWS Backup; AWS keeps this policy in step, and the service alone can take the role.',
  },
  {
    id: 'HIPAA.Security-IAMNoInlinePolicy',
    at: 'Functions',
    reason:
      'A policy that belongs to one role, cannot be attached to another and goes with it is the narrowest there is.',
  },
  {
    id: 'HIPAA.Security-LambdaConcurrency',
    at: 'Functions',
    reason:
      'The stage and the firewall limit what comes in. Reserving for each of so many functions would take the account from its other tenants; a tenant can with deployment.reservedConcurrency.',
  },
  {
    id: 'HIPAA.Security-LambdaDLQ',
    at: 'Functions',
    reason:
      'What is invoked asynchronously has a queue as its destination on failure, which tells more than a dead-letter queue; the rest answers its caller.',
  },
  {
    id: 'HIPAA.Security-LambdaInsideVPC',
    at: 'Functions',
    reason:
      'The functions call AWS by TLS in the name of their roles, the issuer, and the chat tool of the tenant. There is nothing in a VPC to reach, and nothing reaches them but Lambda.',
  },
  {
    id: 'AwsSolutions-COG4',
    at: 'Api/RestApi',
    reason: 'Tokens are those of the issuer of the tenant, by SMART App Launch; a Lambda authorizer verifies them.',
  },
  {
    id: 'AwsSolutions-APIG2',
    at: 'Api/RestApi',
    reason:
      'Requests are FHIR: what validates them is lib/http and lib/resources, and the answer is an OperationOutcome.',
  },
  ...Object.entries(OPEN).map(([path, reason]) => ({
    id: 'AwsSolutions-APIG4',
    at: `Api/RestApi/Default/${path}/ANY`,
    reason,
  })),
  {
    id: 'AwsSolutions-APIG6',
    at: STAGE,
    reason:
      'Execution logs quote paths and errors, in a log group without our key and retention. There is an access log by an allow-list.',
  },
  {
    id: 'HIPAA.Security-APIGWExecutionLoggingEnabled',
    at: STAGE,
    reason:
      'Execution logs quote paths and errors, in a log group without our key and retention. There is an access log by an allow-list.',
  },
  {
    id: 'HIPAA.Security-APIGWCacheEnabledAndEncrypted',
    at: STAGE,
    reason: 'Nothing is cached: an answer depends on who asks, and must be as new as the last write.',
  },
  {
    id: 'HIPAA.Security-APIGWSSLEnabled',
    at: STAGE,
    reason: 'A client certificate is for backends that are reached by HTTP; these are functions, invoked by IAM.',
  },
  {
    id: 'HIPAA.Security-APIGWXrayEnabled',
    at: STAGE,
    reason:
      'Traces hold paths, and paths hold ids of patients. Request ids lead from the access log to the lines of the functions.',
  },
  ...QUEUES.map((at) => ({
    id: 'AwsSolutions-SQS3',
    at,
    reason: 'It is where dead letters go: people empty it, and an alarm tells them of the first.',
  })),
]

const find = (stack: Stack, path: string): IConstruct | undefined => {
  let found: IConstruct | undefined = stack
  for (const step of path.split('/')) found = found?.node.tryFindChild(step)
  return found
}

/** Acknowledges in `stack` what is listed; what a tenant does without has nothing to acknowledge. */
export const acknowledge = (stack: Stack): void => {
  for (const { id, at, reason } of ACKNOWLEDGEMENTS) {
    const construct = find(stack, at)
    if (construct) Validations.of(construct).acknowledge({ id, reason })
  }
}
