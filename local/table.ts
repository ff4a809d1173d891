import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'

type TableDefinition = CreateTableCommandInput & { TableName: string }

/** What must be the same for the functions to work: keys, indexes and stream. */
const shapeOf = ({
  KeySchema = [],
  AttributeDefinitions = [],
  GlobalSecondaryIndexes = [],
  StreamSpecification,
}: Pick<TableDescription, 'KeySchema' | 'AttributeDefinitions' | 'StreamSpecification'> & {
  GlobalSecondaryIndexes?:
    | CreateTableCommandInput['GlobalSecondaryIndexes']
    | TableDescription['GlobalSecondaryIndexes']
}): string => {
  const keys = (schema: typeof KeySchema = []) => schema.map((key) => `${key.KeyType} ${key.AttributeName}`)
  return JSON.stringify({
    keys: keys(KeySchema),
    attributes: AttributeDefinitions.map((attribute) => `${attribute.AttributeName} ${attribute.AttributeType}`).sort(),
    indexes: GlobalSecondaryIndexes.map(
      (index) => `${index.IndexName} ${keys(index.KeySchema)} ${index.Projection?.ProjectionType}`,
    ).sort(),
    stream: StreamSpecification?.StreamViewType,
  })
}

/** Creates the table of the template, or checks that the one there is the same. @throws Error when it is another */
export const ensureTable = async (
  client: DynamoDBClient,
  definition: TableDefinition,
): Promise<{ streamArn: string }> => {
  const { TableName } = definition
  const existing = await describe(client, TableName)
  if (!existing) {
    await client.send(new CreateTableCommand(definition))
    await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName })
  }
  const table = existing ?? (await describe(client, TableName))
  if (shapeOf(table ?? {}) !== shapeOf(definition))
    throw new Error(
      `The table ${TableName} was made by another version of Careloop: its keys, indexes or stream differ from the stack's. ` +
        'Move its data away (the folder that the runtime names), or start with --in-memory.',
    )
  return { streamArn: table?.LatestStreamArn ?? '' }
}

const describe = async (client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> => {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}
