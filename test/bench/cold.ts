import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { buildFunctions, kindOf, startBytes } from '../budgets/bundles.ts'

/**
 * `npm run bench:cold -- [--rounds 15]`: what it costs to import each function into a new process, beside a bundle of the DynamoDB document
 * client alone, which is what no such function can do without. Exit 1 when an API function costs more than 1.25 of that.
 *
 * Figures are the least CPU time of all rounds, each function in turn in each round: other processes on the machine add to CPU time, and
 * nothing takes from it.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const MOST_RATIO = 1.25

const CLIENT = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
export const handler = (name) => client.send(new { BatchGetCommand, BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand }[name]({}))
`

/** One file, as the CDK's NodejsFunction makes it when the SDK is bundled. */
const buildClient = async (folder: string): Promise<string> => {
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

const main = async (): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'careloop-cold-'))
  const { entries, dispose } = await buildFunctions()
  try {
    const files = new Map([['(client alone)', await buildClient(folder)], ...entries])
    const least = new Map<string, number>()
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const [name, file] of files)
        least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, importOnce(file)))
    const floor = least.get('(client alone)')!
    let met = true
    console.log(`${'function'.padEnd(34)}      KB   CPU ms   ratio`)
    for (const [name, cpu] of least) {
      const ratio = cpu / floor
      const isOver = kindOf(name) === 'api' && ratio > MOST_RATIO
      met &&= !isOver
      const kilobytes = Math.round(startBytes(files.get(name)!) / 1_000)
      console.log(
        `${name.padEnd(34)} ${String(kilobytes).padStart(7)} ${cpu.toFixed(1).padStart(8)} ${ratio.toFixed(2).padStart(7)}${isOver ? '  OVER' : ''}`,
      )
    }
    return met
  } finally {
    dispose()
    rmSync(folder, { recursive: true })
  }
}

process.exitCode = (await main()) ? 0 : 1
