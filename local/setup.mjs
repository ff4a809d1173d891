// Runs a script of this project on the Node.js major that Lambda runs, on a machine that has only Node >= 20 and npm:
// installs the dependencies when they are missing or stale, then hands over. Usage: node local/setup.mjs <script> [arguments]
import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages } from './install.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LAMBDA_MAJOR = 24

try {
  installPackages(root)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

const packaged = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const hostMajor = Number(process.versions.node.split('.')[0])
const node =
  existsSync(packaged) && statSync(packaged).size > 0
    ? packaged
    : hostMajor >= LAMBDA_MAJOR
      ? process.execPath
      : undefined
if (!node) {
  console.error(
    `Node.js ${LAMBDA_MAJOR} came with no package: npm was told to skip install scripts? Run: npm rebuild node, or use Node.js ${LAMBDA_MAJOR}.`,
  )
  process.exit(1)
}

const [script, ...args] = process.argv.slice(2)
const path = `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
})
// The terminal sends Ctrl-C to the whole group; others may send a signal to us alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm runs us in a shell, and a shell that is ended by a signal passes none on: its end is all that we see of it.
const parent = process.ppid
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
