import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the packages that the lockfile of a folder names, when they are missing or stale; otherwise does nothing.
 * @throws Error when npm cannot
 */
export const installPackages = (folder) => {
  const marker = join(folder, 'node_modules', '.careloop-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : ''
  if (installed === wanted) return
  process.stderr.write(
    installed ? `Packages of ${folder} are stale: installing …\n` : `First run: installing packages of ${folder} …\n`,
  )
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-progress'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0)
    throw new Error(`Installing failed (see above). Is the npm registry reachable? Try in ${folder}: npm ci`)
  writeFileSync(marker, wanted)
}
