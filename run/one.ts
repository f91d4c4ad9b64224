/** One service as a process of its own: `npm run service -- members`. The container image does the same. */
import { runAlone, type Service } from '@althing/kernel/service'
import { serviceNames } from './settings.ts'

const name = process.argv[2] ?? ''
if (!(serviceNames as readonly string[]).includes(name)) {
  console.error(`Which service? One of: ${serviceNames.join(', ')}.\nExample: npm run service -- members`)
  process.exit(1)
}

const module = (await import(new URL(`../services/${name}/service.ts`, import.meta.url).href)) as Record<
  string,
  Service
>
const service = module[name]
if (service === undefined) throw new Error(`services/${name}/service.ts exports no ${name}.`)
// A deployment of one service may use the short name for its database; everything else is named in full.
const own = `ALTHING_${name.toUpperCase()}_DATABASE_URL`
await runAlone(service, { ...process.env, [own]: process.env[own] ?? process.env['ALTHING_DATABASE_URL'] })
