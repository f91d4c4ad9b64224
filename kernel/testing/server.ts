import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'

/**
 * The one server all test files share. `npm test` starts it and says where it is; a file run alone finds the one that an
 * earlier file left running, or leaves one running itself, which ends after two minutes without a connection.
 */
let found: Promise<string> | undefined

export function testServer(): Promise<string> {
  const given = process.env['ALTHING_TEST_DATABASE_URL']
  found ??= given ? Promise.resolve(given) : findOrStart()
  return found
}

/** One per user and checkout, so that two versions of this repository do not disagree over it. */
function serverFolder() {
  const checkout = createHash('sha256')
    .update(fileURLToPath(import.meta.url))
    .digest('hex')
    .slice(0, 8)
  return join(tmpdir(), `althing-test-${userInfo().uid}-${checkout}`)
}

async function findOrStart() {
  const folder = serverFolder()
  const patienceMs = 30_000
  for (let waited = 0; waited < patienceMs; waited += 50) {
    const url = announced(folder)
    if (url !== undefined && (await answers(url))) return url
    // Several files may start one at once: the lock on the folder lets one live. Ask again now and then, in case it died.
    if (waited % 5_000 === 0) startKeeper(folder)
    await pause(50)
  }
  throw new Error(`No test database came up in ${patienceMs / 1000} s; see ${join(folder, 'keeper.log')}.`)
}

function announced(folder: string) {
  const path = join(folder, 'url')
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

async function answers(url: string) {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function startKeeper(folder: string) {
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, 'keeper.log'), 'a')
  const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))
  spawn(process.execPath, [keeper, folder], { detached: true, stdio: ['ignore', log, log], cwd: '/' }).unref()
}
