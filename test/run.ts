import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { plantedPhi } from './support/planted-phi.ts'
import { beginRecording } from './support/recorded-logs.ts'
import { searchLogs } from './support/search-logs.ts'

/** `npm test -- [jest options]`: Jest needs a flag of Node's for native ES modules. What was logged meanwhile is searched for what fixtures say of patients. */
const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const recording = beginRecording()
const { status } = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...recording.environment },
})

const SHOWN = 20
const lines = recording.end()
const texts = plantedPhi(process.cwd())
const findings = searchLogs(lines, texts)
for (const { file, line, because } of findings.slice(0, SHOWN))
  console.error(`Logged in ${file}, though ${because}:\n  ${line.slice(0, 500)}`)
console.error(
  `Log:         ${lines.length} lines searched for ${texts.size} texts about patients, ${findings.length} found`,
)
process.exit(findings.length ? 1 : (status ?? 1))
