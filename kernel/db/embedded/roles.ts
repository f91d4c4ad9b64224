import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Client } from 'pg'

export interface Passwords {
  superuser: string
  roles: Record<string, string>
}

/** Read once, made once. Whoever can read this file can read and change every database. */
export function readPasswords(path: string): Passwords {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Passwords
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(`The database passwords in ${path} cannot be read.`, { cause: error })
    }
  }
  const made = { superuser: newPassword(), roles: {} }
  writePasswords(path, made)
  return made
}

function writePasswords(path: string, passwords: Passwords) {
  writeFileSync(`${path}.new`, JSON.stringify(passwords, null, 2), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

const newPassword = () => randomBytes(32).toString('base64url')

/**
 * A login and a database of its own for each name, and no way from one to another: CONNECT is everybody's by default and is
 * taken away on every database. Run again it adds what is missing and changes nothing that is there.
 */
export async function makeRoles(url: string, names: readonly string[], passwords: Passwords, path: string) {
  const missing = names.filter((name) => passwords.roles[name] === undefined)
  if (missing.length > 0) {
    // Written before they are set: a crash in between leaves a password to set again, never one that nobody knows.
    for (const name of missing) passwords.roles[name] = newPassword()
    writePasswords(path, passwords)
  }
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const name of await absent(client, names)) await makeRole(client, name, passwords.roles[name] ?? '')
  } finally {
    await client.end()
  }
}

async function absent(client: Client, names: readonly string[]) {
  const { rows } = await client.query<{ name: string }>(
    `select d.datname as name from pg_database d join pg_roles r on r.rolname = d.datname where d.datname = any($1)`,
    [names],
  )
  const there = new Set(rows.map(({ name }) => name))
  return names.filter((name) => !there.has(name))
}

async function makeRole(client: Client, name: string, password: string) {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${name} is no name for a database role.`)
  await client.query('revoke connect, temporary on database postgres, template1 from public')
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name])
  const verb = rowCount === 0 ? 'create' : 'alter'
  await client.query(
    `${verb} role "${name}" login nosuperuser nocreatedb nocreaterole noreplication password '${password}'`,
  )
  await client.query(`create database "${name}" owner "${name}"`)
  await client.query(`revoke all on database "${name}" from public`)
}
