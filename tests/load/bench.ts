/** `npm run bench -- <name>`: one benchmark, its raw result kept in tests/load/results with the machine it ran on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { decisions } from './decisions.ts'
import { hall } from './hall.ts'
import { idle } from './idle.ts'
import { oauth, oauthMemory } from './oauth.ts'
import { policy } from './policy.ts'
import { rotation } from './rotation.ts'
import { signIn } from './sign-in.ts'

export interface Result {
  /** What was measured, in numbers with their units in the names. */
  readonly [measure: string]: unknown
}

const benchmarks: Readonly<Record<string, () => Promise<Result>>> = {
  decisions,
  idle,
  hall,
  'sign-in': signIn,
  policy,
  rotation,
  oauth,
  'oauth-memory': oauthMemory,
}

const name = process.argv[2] ?? ''
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
if (benchmark === undefined) {
  console.error(
    `Which benchmark? One of: ${Object.keys(benchmarks).join(', ')}.\nExample: npm run bench -- idle`,
  )
  process.exit(1)
}

/** What else the machine did: above its cores, the result says little about any of them. */
const busyBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10
const result = await benchmark()
const machine = {
  busyBefore,
  node: process.version,
  cores: cpus().length,
  cpu: cpus()[0]?.model,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
}
const at = new Date().toISOString()
const folder = new URL('./results/', import.meta.url)
mkdirSync(folder, { recursive: true })
const file = new URL(`${name}-${at.slice(0, 19).replaceAll(':', '')}.json`, folder)
writeFileSync(file, `${JSON.stringify({ benchmark: name, at, machine, result }, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
console.log(`Kept in ${file.pathname.slice(file.pathname.indexOf('tests/'))}`)
process.exit(0)
