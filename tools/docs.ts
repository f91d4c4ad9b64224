/** `npm run docs`: the manual from code, into manual/: every setting, every refusal, the checks of the OpenID provider, and the examples. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { faultCatalogue } from '../kernel/errors/index.ts'
import { cacheSettings, serviceSettings, type Service } from '../kernel/service/index.ts'
import { checks } from '../services/identity/oidc/checks/all.ts'
import { serviceNames } from '../run/settings.ts'

const target = fileURLToPath(new URL('../manual/', import.meta.url))

const services = await Promise.all(
  serviceNames.map(async (name) => {
    const module = (await import(`../services/${name}/service.ts`)) as Record<string, Service>
    const service = module[name]
    if (service === undefined) throw new Error(`services/${name}/service.ts exports no ${name}.`)
    return service
  }),
)

mkdirSync(target, { recursive: true })
write('settings', ['# Settings', '', ...services.flatMap(settingsOf)])
write('faults', [
  '# Refusals',
  '',
  '| code | status | says |',
  '| --- | --- | --- |',
  ...[...faultCatalogue()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`),
])

write('checks', [
  '# What the provider refuses',
  '',
  `${checks.length} rows, each run against the real service by \`npm run unit -- oidc/checks\`. *back*: the browser is sent back to the application with this error; *page*: it is sent nowhere.`,
  '',
  '| endpoint | what is broken | answer | standard |',
  '| --- | --- | --- | --- |',
  ...checks.map(({ at, what, says, section }) => `| ${at} | ${what} | \`${says}\` | ${section} |`),
])

write(
  'examples',
  ['web-app', 'api'].map((name) =>
    readFileSync(new URL(`../examples/${name}/README.md`, import.meta.url), 'utf8'),
  ),
)

function settingsOf(service: Service): string[] {
  const all = {
    ...serviceSettings(service.name),
    ...(service.world === 'person' ? cacheSettings : {}),
    ...service.config,
  }
  const rows = Object.values(all).map(
    ({ env, fallback, doc, secret }) =>
      `| \`${env}\` | ${secret ? 'secret' : fallback === undefined ? '' : `\`${fallback}\``} | ${doc} |`,
  )
  return [
    `## ${service.name} (world: ${service.world})`,
    '',
    '| name | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ]
}

function write(name: string, lines: readonly string[]): void {
  writeFileSync(`${target}${name}.md`, `${lines.join('\n')}\n`)
  console.log(`manual/${name}.md`)
}
