import { readFileSync } from 'node:fs'
import { startRuntime } from '../../local/careloop-runtime.ts'
import { type PackedStack, unpackStack } from './packed-stack.ts'

/** `service.ts <stack> <instant>`: what `npm start -- --open --clock <instant>` runs, of a stack that is synthesized already. */
const [stackFile = '', clock = ''] = process.argv.slice(2)
const stack = unpackStack(JSON.parse(readFileSync(stackFile, 'utf8')) as PackedStack)
const { baseUrl } = await startRuntime({ stack, clock, port: 0, open: true })
console.log(`ready at ${baseUrl}`)

// A killed parent must not leave us behind.
const parent = process.ppid
setInterval(() => process.ppid !== parent && process.exit(1), 1_000).unref()
