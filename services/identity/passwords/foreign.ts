/**
 * Hashes that came from another system: bcrypt, PBKDF2, scrypt and Argon2 in the forms in which they are usually handed over. Each
 * opens its account once; at that sign-in it is replaced by one of ours.
 */
import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyArgon2 } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'

type Verify = (password: string) => Promise<boolean>
type VerifyArgon2 = (hash: string, password: string) => Promise<boolean>

const pbkdf2Async = promisify(pbkdf2)
const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** The work that a hash may cost us, whoever made it: an imported file is no way to make the service stand still. */
const most = {
  rounds: 2_000_000,
  memoryBytes: 256 * 1024 * 1024,
  bcryptCost: 15,
  argonKib: 262_144,
  // Memory times passes is the time that it takes: two GiB are about as many seconds.
  argonKibPasses: 2_097_152,
  argonLanes: 16,
}

/** What verifies this hash; null when it is of no kind that we know, or asks for more work than we do. */
export function verifierOf(hash: string, verify: VerifyArgon2 = verifyArgon2): Verify | null {
  return argon2(hash, verify) ?? bcrypt(hash) ?? pbkdf2Of(hash) ?? scryptOf(hash)
}

function argon2(hash: string, verify: VerifyArgon2): Verify | null {
  const asked = /^\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=(\d+),t=(\d+),p=(\d+)\$/.exec(hash)
  if (asked === null) return null
  const [, kib = 0, passes = 0, lanes = 0] = asked.map(Number)
  const isTooMuch = kib > most.argonKib || kib * passes > most.argonKibPasses || lanes > most.argonLanes
  return isTooMuch ? null : (password) => verify(hash, password)
}

/** `$2y$` is PHP's name for the same. bcrypt reads 72 bytes at most, as it did where the hash was made. */
function bcrypt(hash: string): Verify | null {
  const [, cost] = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash) ?? []
  if (cost === undefined || Number(cost) > most.bcryptCost) return null
  const ours = hash.replace(/^\$2[xy]\$/, '$2b$')
  return (password) => verifyBcrypt(password, ours)
}

/** Django's `pbkdf2_sha256$rounds$salt$base64`, and the PHC form `$pbkdf2-sha256$i=rounds$salt$hash`. */
function pbkdf2Of(hash: string): Verify | null {
  const django = /^pbkdf2_(sha1|sha256|sha512)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/=]+)$/.exec(hash)
  const phc = /^\$pbkdf2-(sha1|sha256|sha512)\$(?:i=)?(\d+)(?:,l=\d+)?\$([^$]+)\$([A-Za-z0-9+/.=]+)$/.exec(
    hash,
  )
  const [, digest = '', rounds = '0', salt = '', key = ''] = django ?? phc ?? []
  if (digest === '' || Number(rounds) < 1 || Number(rounds) > most.rounds) return null
  const salted = django === null ? base64(salt) : Buffer.from(salt, 'utf8')
  const expected = base64(key)
  return async (password) =>
    same(await pbkdf2Async(password, salted, Number(rounds), expected.length, digest), expected)
}

/** PHC: `$scrypt$ln=14,r=8,p=1$salt$hash`. */
function scryptOf(hash: string): Verify | null {
  const [, ln, r, p, salt = '', key = ''] =
    /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/.exec(hash) ?? []
  if (ln === undefined) return null
  const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) }
  if (128 * cost.N * cost.r * cost.p > most.memoryBytes) return null
  const expected = base64(key)
  const options = { ...cost, maxmem: most.memoryBytes * 2 }
  return async (password) =>
    same(await scryptAsync(password, base64(salt), expected.length, options), expected)
}

/** With or without padding, and with the dots that passlib writes for pluses. */
const base64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

const same = (made: Buffer, expected: Buffer): boolean =>
  expected.length >= 16 && made.length === expected.length && timingSafeEqual(made, expected)
