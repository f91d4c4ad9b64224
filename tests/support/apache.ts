/** Debian's Apache with mod_auth_openidc: a client that nobody here has written, in a folder and on a port of its own. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inherited } from './inherited.ts'

const program = '/usr/sbin/apache2'
const modules = '/usr/lib/apache2/modules'

/**
 * A reason to skip, where nobody here could install it: neither root nor sudo, or no apt.
 * @throws where it could have been installed and was not: a test that did not run must not look as if it had.
 */
export function whyNoApache(): string | undefined {
  if (existsSync(program) && existsSync(`${modules}/mod_auth_openidc.so`)) return undefined
  const isRoot = process.getuid?.() === 0
  const canInstall =
    existsSync('/usr/bin/apt-get') && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)
  const remedy = 'apt-get install --no-install-recommends libapache2-mod-auth-openidc'
  if (canInstall) throw new Error(`mod_auth_openidc is missing and could be installed: ${remedy}`)
  return `mod_auth_openidc is missing, and only root can install it: ${remedy}`
}

export interface Apache {
  readonly url: string
  /** Its error log: what it says about an answer that it did not like. */
  log(): string
  stop(): Promise<void>
}

interface ApacheOptions {
  readonly issuer: string
  readonly client: { readonly id: string; readonly secret: string }
  readonly port: number
  /** What lies behind it, and believes its headers. */
  readonly upstream: string
}

export async function startApache(options: ApacheOptions): Promise<Apache> {
  const folder = mkdtempSync(join(tmpdir(), 'althing-apache-'))
  // Its children are somebody else when root starts it; they read nothing here but what they are sent.
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'pages'))
  writeFileSync(join(folder, 'pages', 'open'), 'Open to everybody.\n')
  const file = join(folder, 'apache.conf')
  writeFileSync(file, configuration(options, folder), { mode: 0o600 })
  const child = spawn(program, ['-f', file, '-D', 'FOREGROUND'], {
    env: { ...inherited(), LANG: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const url = `http://127.0.0.1:${options.port}`
  const log = () => said + readFileSync(join(folder, 'error.log'), 'utf8')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${url}/open`).catch(() => undefined)
    if (answer !== undefined) return { url, log, stop }
    await pause(50)
  }
  await stop()
  throw new Error(`Apache did not answer (exit code ${child.exitCode}):\n${said}`)
}

const loaded = 'mpm_event authn_core authz_core authz_user alias headers proxy proxy_http auth_openidc'.split(
  ' ',
)

/**
 * What an administrator of such a site writes: of the provider one address only, the rest the module discovers. That a code needs a
 * challenge is the only thing that it has to be told (its default is none).
 */
const configuration = ({ issuer, client, port, upstream }: ApacheOptions, folder: string) => `
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
Mutex file:${folder} default
ErrorLog ${folder}/error.log
LogLevel warn auth_openidc:info
DocumentRoot ${folder}/pages
StartServers 1
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}

OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${client.id}
OIDCClientSecret "${client.secret}"
OIDCCryptoPassphrase a-passphrase-of-this-site-alone
OIDCRedirectURI http://127.0.0.1:${port}/members/signed-in
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCRemoteUserClaim email

<Location /members>
  AuthType openid-connect
  Require valid-user
  ProxyPass ${upstream}
  RequestHeader set X-Remote-User "expr=%{REMOTE_USER}"
</Location>
<Location /members/signed-in>
  ProxyPass !
</Location>
`
