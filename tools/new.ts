/** `npm run new -- <kind> <name>`: the skeleton of a service, a feature, a migration or a decision, with a test that fails until it is true. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [kind = '', name = '', ...words] = process.argv.slice(2)

const makers: Readonly<Record<string, () => Record<string, string>>> = {
  feature: () => feature(...split(name)),
  service: () => service(check(name, /^[a-z]{2,32}$/)),
  migration: () => migration(...split(name)),
  decision: () => decision([name, ...words].join(' ')),
}

const make = Object.hasOwn(makers, kind) ? makers[kind] : undefined
if (make === undefined || name === '') {
  console.error(
    'npm run new -- feature members/badges\nnpm run new -- service archive\nnpm run new -- migration members/badges\nnpm run new -- decision Why badges are not roles',
  )
  process.exit(1)
}
const files = make()
const taken = Object.keys(files).filter((path) => existsSync(join(root, path)))
if (taken.length > 0) {
  console.error(`There is something already: ${taken.join(', ')}`)
  process.exit(1)
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), text)
  console.log(path)
}

function check(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) {
    console.error(`This is no name for it: it must match ${pattern.source}.`)
    process.exit(1)
  }
  return text
}

function split(path: string): [string, string] {
  const [first = '', second = ''] = check(path, /^[a-z]{2,32}\/[a-z-]{2,40}$/).split('/')
  return [first, second]
}

function feature(service: string, name: string): Record<string, string> {
  const at = `services/${service}/${name}`
  const Name = name.replaceAll(/(^|-)([a-z])/g, (_all, _dash: string, letter: string) => letter.toUpperCase())
  return {
    [`${at}/schema.ts`]: `import { z } from 'zod'\n\n/** One row of ${service}_${name.replaceAll('-', '_')}. */\nexport const ${Name} = z.object({ id: z.string() })\nexport type ${Name} = z.output<typeof ${Name}>\n`,
    [`${at}/faults.ts`]: `import { faults } from '@althing/kernel/errors'\n\nexport const fault = faults('${service}.${name}', {\n  not_found: [404, 'This does not exist.'],\n})\n`,
    [`${at}/store.ts`]: `import type { Db } from '@althing/kernel/db'\nimport { ${Name} } from './schema.ts'\n\n/** Owns the table ${service}_${name.replaceAll('-', '_')}. Whoever can write here can … */\nexport function create${Name}Store(db: Db) {\n  return {\n    async find(id: string): Promise<${Name} | null> {\n      const [row] = await db.query('select id from ${service}_${name.replaceAll('-', '_')} where id = $1', [id])\n      return row === undefined ? null : ${Name}.parse(row)\n    },\n  }\n}\nexport type ${Name}Store = ReturnType<typeof create${Name}Store>\n`,
    [`${at}/rules.ts`]: `/** The rule of this feature in a sentence. */\nimport type { Atomically } from '@althing/kernel/service'\nimport { fault } from './faults.ts'\nimport type { ${Name}Store } from './store.ts'\n\ninterface Needs {\n  readonly atomically: Atomically<{ readonly store: ${Name}Store }>\n}\n\nexport function create${Name}({ atomically }: Needs) {\n  return {\n    async read(id: string) {\n      const found = await atomically(({ store }) => store.find(id))\n      if (found === null) throw fault.not_found()\n      return found\n    },\n  }\n}\n`,
    [`${at}/rules.test.ts`]: `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\n\ntest('what ${name} promises, in a sentence', () => {\n  assert.fail('write the story first')\n})\n`,
    ...migration(service, name),
  }
}

function migration(service: string, name: string): Record<string, string> {
  const folder = `services/${service}/migrations`
  const known = existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((file) => file.endsWith('.sql'))
    : []
  const number = String(known.length + 1).padStart(4, '0')
  const table = `${service}_${name.replaceAll('-', '_')}`
  return {
    [`${folder}/${number}-${name}.sql`]: `-- Whoever can write here can …\ncreate table ${table} (\n  id text primary key\n);\ncomment on column ${table}.id is 'operational';\n`,
  }
}

function service(name: string): Record<string, string> {
  const at = `services/${name}`
  return {
    [`${at}/package.json`]: `${JSON.stringify({ name: `@althing/${name}`, private: true, type: 'module', exports: { './contract': './contract.ts' } }, null, 2)}\n`,
    [`${at}/README.md`]: `# services/${name}\n\nWhat it owns, what it promises, what it must never know: one screen.\n`,
    [`${at}/contract.ts`]: `/** What others may know of ${name}. Imports nothing of this service. */\nexport {}\n`,
    [`${at}/config.ts`]: `/** Settings of ${name} beside those that every service has. */\nexport const Config = {} as const\n`,
    [`${at}/service.ts`]: `import { defineService } from '@althing/kernel/service'\nimport { Config } from './config.ts'\n\n/** The ${name} service on one screen: what it is made of, and who needs whom. */\nexport const ${name} = defineService({\n  name: '${name}',\n  world: 'person',\n  config: Config,\n  migrations: new URL('./migrations/', import.meta.url),\n  assemble() {\n    return { routes: [] }\n  },\n})\n`,
    [`${at}/main.ts`]: `import { runAlone } from '@althing/kernel/service'\nimport { ${name} } from './service.ts'\n\nawait runAlone(${name}, process.env)\n`,
    [`${at}/cli.ts`]: `import { runCommand } from '@althing/kernel/service'\nimport { ${name} } from './service.ts'\n\nprocess.exitCode = await runCommand(${name}, [], process.argv.slice(2), process.env)\n`,
    [`${at}/${name}.test.ts`]: `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\n\ntest('what ${name} promises, in a sentence', () => {\n  assert.fail('write the story first')\n})\n`,
    [`${at}/migrations/0001-${name}.sql`]: `-- The tables of ${name}.\n`,
  }
}

function decision(title: string): Record<string, string> {
  const number = String(readdirSync(join(root, 'decisions')).length + 1).padStart(4, '0')
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return {
    [`decisions/${number}-${slug}.md`]: `# ${number} · ${title}\n\nThe day. What surprised us, what we chose, what it costs. One page; never edited, a later one replaces it.\n`,
  }
}
