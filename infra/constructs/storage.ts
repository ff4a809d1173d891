import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import {
  allow,
  allowKey,
  CLOCKS,
  denyErasingAudit,
  onlyPartitions,
  partitionsOf,
  SECRETS,
  WRITES,
} from './permissions.ts'
import { createTenantKey } from './tenant-key.ts'

/** The index of the care clocks: sparse, keys only. */
export const WAKE_INDEX = 'wake'

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']
/** A transaction of puts is authorized as `PutItem`. */
const WRITE = ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']
const USE_KEY = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey']

/** The tenant's key and table. What the items are: docs/data-model.md. */
export class Storage extends Construct {
  readonly key: Key
  readonly table: Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.key = createTenantKey(this, 'Key')
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

  /** To read all, and to write what {@link WRITES} says of the function `functions/<name>.ts`: nothing, when it says nothing. */
  grantReadWrite(name: string, to: IFunction): void {
    const types = WRITES[name] ?? []
    const { tableArn } = this.table
    allow(to, READ, tableArn)
    if (types === 'any') {
      allow(to, WRITE, tableArn)
      // Not `DeleteItem`: a transaction that is given up takes back what it had placed.
      denyErasingAudit(to, ['dynamodb:BatchWriteItem'], tableArn)
    } else if (types.length) {
      allow(to, WRITE, tableArn, onlyPartitions(partitionsOf(types)))
      allow(to, ['dynamodb:PutItem'], tableArn, onlyPartitions([SECRETS]))
      denyErasingAudit(to, ['dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'], tableArn)
    }
    allowKey(to, this.key.keyArn, 'dynamodb', USE_KEY)
  }

  /** To find the items whose time has come, to move their clocks, and to finish transactions that were left behind. */
  grantWake(to: IFunction): void {
    allow(to, ['dynamodb:Query'], `${this.table.tableArn}/index/${WAKE_INDEX}`)
    allow(to, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], this.table.tableArn)
    allow(to, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], this.table.tableArn, onlyPartitions(CLOCKS))
    allowKey(to, this.key.keyArn, 'dynamodb', USE_KEY)
  }

  /** To read the stream of the table. */
  grantStream(to: IFunction): void {
    const { tableStreamArn } = this.table
    allow(to, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], tableStreamArn!)
    // Lambda asks for it, and AWS knows no resource for it: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    allow(to, ['dynamodb:ListStreams'], '*')
    allowKey(to, this.key.keyArn, 'dynamodb', ['kms:Decrypt'])
  }
}
