import { spawnSync } from 'node:child_process'

/** `npm run check`: style, lint and types. Setup has put the packages' commands on the PATH. */
for (const [command, ...args] of [
  ['biome', 'ci', '.'],
  ['tsc', '--noEmit'],
] as const) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}
