import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'

/** How much more CPU time an API function may take to import than the DynamoDB document client alone. */
export const MOST_RATIO = 1.25

const CLIENT = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
export const handler = (name) => client.send(new { BatchGetCommand, BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand }[name]({}))
`

/** Bundles the document client alone, in one file, as the CDK's NodejsFunction does when the SDK is bundled: what no function can do without. */
export const buildClient = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'client.mjs')
  await build({
    stdin: { contents: CLIENT, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    outfile,
  })
  return outfile
}

const PROBE = `
const before = process.cpuUsage()
import(process.argv[1]).then(() => {
  const { user, system } = process.cpuUsage(before)
  console.log((user + system) / 1000)
  process.exit()
})`

const variables = {
  TABLE_NAME: 'table',
  BUS_NAME: 'bus',
  TENANT: JSON.stringify({ id: 'bench', name: 'Bench', timeZone: 'America/Chicago' }),
  AWS_REGION: 'us-east-1',
}

const importOnce = (file: string): number => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', PROBE, file], {
    env: variables,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${file}: ${stderr}`)
  return Number(stdout)
}

/**
 * The least CPU time, in milliseconds, that it took to import each of the files into a new process, by name: in each round each in turn. Other
 * processes on the machine add to CPU time, and nothing takes from it.
 */
export const leastImports = (files: ReadonlyMap<string, string>, rounds: number): Map<string, number> => {
  const least = new Map<string, number>()
  for (let round = 0; round < rounds; round += 1)
    for (const [name, file] of files)
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, importOnce(file)))
  return least
}
