import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'

/** The index of the care clocks: sparse, keys only. */
export const WAKE_INDEX = 'wake'

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']
/** A transaction of puts is authorized as `PutItem`. */
const WRITE = ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']

/** The tenant's key and table. What the items are: docs/data-model.md. */
export class Storage extends Construct {
  readonly key: Key
  readonly table: Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.key = this.createKey()
    // Not TableV2: with a customer's key it does not synthesize in a stack that names no region.
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.table.addGlobalSecondaryIndex({
      indexName: WAKE_INDEX,
      partitionKey: { name: 'wake', type: AttributeType.STRING },
      sortKey: { name: 'wakeAt', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    })
  }

  /** To search, read and write resources. */
  grantReadWrite(to: IGrantable): void {
    this.grant(to, [...READ, ...WRITE], this.table.tableArn)
  }

  /** To find the items whose time has come, to move their clocks, and to finish transactions that were left behind. */
  grantWake(to: IGrantable): void {
    this.grant(to, ['dynamodb:Query'], `${this.table.tableArn}/index/${WAKE_INDEX}`)
    const finish = ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem']
    this.grant(to, ['dynamodb:GetItem', 'dynamodb:PutItem', ...finish], this.table.tableArn)
  }

  private grant(to: IGrantable, actions: string[], resource: string): void {
    to.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }))
    to.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } },
      }),
    )
  }

  private createKey(): Key {
    const key = new Key(this, 'Key', {
      description: `All that ${Stack.of(this).stackName} keeps`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { partition, region, account } = Stack.of(this)
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    )
    return key
  }
}
