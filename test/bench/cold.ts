import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildFunctions, isApi, KB, startBytes } from '../budgets/bundles.ts'
import { buildClient, leastImports, MOST_RATIO } from '../budgets/cold-import.ts'

/**
 * `npm run bench:cold -- [--rounds 15]`: what it costs to import each function into a new process, beside a bundle of the DynamoDB document
 * client alone, measured in the same run. Exit 1 when an API function costs more than MOST_RATIO of that.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })

const CLIENT = '(client alone)'

const main = async (): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'careloop-cold-'))
  const { entries, dispose } = await buildFunctions()
  try {
    const files = new Map([[CLIENT, await buildClient(folder)], ...entries])
    const least = leastImports(files, Number(values.rounds))
    let met = true
    console.log(`${'function'.padEnd(34)}      KB   CPU ms   ratio`)
    for (const [name, cpu] of least) {
      const ratio = cpu / least.get(CLIENT)!
      const isOver = isApi(name) && ratio > MOST_RATIO
      met &&= !isOver
      const kilobytes = Math.round(startBytes(files.get(name)!) / KB)
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
