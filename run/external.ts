/** A PostgreSQL of the operator's own: a database and a role per service are made there, with passwords kept here. */
import { makeRoles, readPasswords } from '@althing/kernel/db/embedded/roles.ts'

/** @param url of a role that may create roles and databases */
export async function externalDatabases(
  url: string,
  names: readonly string[],
  path: string,
): Promise<(service: string) => string> {
  const passwords = readPasswords(path)
  await makeRoles(url, names, passwords, path)
  return (service) => {
    const own = new URL(url)
    own.username = service
    own.password = passwords.roles[service] ?? ''
    own.pathname = `/${service}`
    return own.href
  }
}
