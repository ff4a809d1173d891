import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

/** `npm test -- [jest options]`: Jest needs a flag of Node's for native ES modules. */
const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const { status } = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
