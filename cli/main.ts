/**
 * `althing <noun> <verb>`: finds the service that knows the command and runs its `cli.ts` as a process of its own, with that
 * service's settings and no other's. It imports no service.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { near } from '@althing/kernel/service/near.ts'
import { help, helpOf, wrong, type Nouns } from './help.ts'

const people = ['policy', 'identity', 'members', 'events', 'portal']
const all = [...people, 'elections']

/** Which services know a noun, and its verbs in words. */
const nouns: Nouns = {
  policy: {
    services: ['policy'],
    verbs: {
      validate: 'Whether policies in a file are right.',
      test: 'Decides the cases of a file.',
      activate: 'Brings a draft into force, or with --alone a file.',
      rollback: 'Brings an older version back, with a reason.',
      versions: 'Every version there has been: who, when and why.',
      drafts: 'Drafts that are open.',
      diff: 'What is different between two versions.',
      explain: 'Why somebody may do something, why not, and what it would take.',
      'who-can': 'Who may do something, and through what.',
      may: 'What somebody may do, and through what.',
      overrides: 'What somebody in particular may or may not, until a moment: shown, made, ended.',
      emergency: 'What a role may do, lent in an emergency: shown, lent, ended.',
      cache: 'What is kept of earlier decisions; has it forgotten.',
      decisions: 'What was decided: looked up, compared with the audit log, made again.',
      engines: 'Engines outside that must agree; asks one a question.',
    },
  },
  people: {
    services: ['identity'],
    verbs: {
      list: 'Everybody with an account.',
      show: 'One account, its roles and sessions.',
      activate: 'Lets an account in, or sends its link again.',
      import: 'Accounts from a CSV file.',
      roles: 'Gives an account exactly these roles of the office; its person is told.',
      ban: 'Closes an account until it is opened again.',
      suspend: 'Closes an account for a while.',
      reinstate: 'Opens a closed account again.',
      'reset-factors':
        'Takes second step and passkeys away from somebody who has lost them, for a reason, and ends their sessions.',
      'paper-code': 'A code to hand over in person, in place of the first link.',
    },
  },
  activation: { services: ['identity'], verbs: { resend: 'Sends the first link once more.' } },
  applications: {
    services: ['identity'],
    verbs: {
      list: 'Who asks for an account.',
      approve: 'Makes the account and sends its link.',
      reject: 'Refuses, with a reason.',
    },
  },
  identities: {
    services: ['identity'],
    verbs: {
      list: 'Which identities at other issuers may look as somebody.',
      link: 'Lets tokens of a trusted issuer look as somebody.',
      unlink: 'Takes that away.',
      import: 'Links many from a CSV file.',
    },
  },
  'login-events': {
    services: ['identity'],
    verbs: { list: 'Who signed in or tried to.', reasons: 'Why people were refused, and how often.' },
  },
  alerts: {
    services: ['identity'],
    verbs: {
      list: 'Security alerts, the latest first.',
      show: 'One alert, and where it was told.',
      resolve: 'Says why an alert is settled.',
    },
  },
  risk: {
    services: ['identity'],
    verbs: { explain: 'What would speak against a sign-in of somebody now, and what would be done.' },
  },
  passwords: { services: ['identity'], verbs: { audit: 'Under which kinds of hash passwords lie.' } },
  privacy: {
    services: ['identity'],
    verbs: {
      export: 'Everything that is held about somebody, as an encrypted archive.',
      erase: 'Has somebody forgotten, after thirty days or at once.',
      cancel: 'Calls an erasure off.',
      list: 'Who is to be forgotten, and which services have done it.',
    },
  },
  sessions: {
    services: ['identity'],
    verbs: {
      revoke: 'Ends all sessions of an account, everywhere, now.',
      'clear-expired': 'Removes sessions that are over.',
    },
  },
  keys: {
    services: ['identity'],
    verbs: {
      list: 'The keys that sign tokens.',
      status: 'Which key signs, since when, and when the next one does.',
      rotate: 'Makes the next key the signing one.',
      revoke: 'Takes a key off the list, for good.',
      rewrap: 'Moves the keys to another key service.',
    },
  },
  signals: {
    services: ['identity'],
    verbs: {
      streams: 'Which applications are told of signals, and where.',
      allow: 'Lets an application be told of signals.',
      forbid: 'Ends that.',
      webhook: 'Has an application told by a signed webhook.',
      'rotate-secret': 'Makes a new secret for a webhook.',
      list: 'What applications were told, or are to be.',
      replay: 'Tells it once more.',
    },
  },
  clients: {
    services: ['identity'],
    verbs: {
      list: 'The applications that may sign people in, and what in them is weakened.',
      show: 'All about one, without its secrets.',
      create: 'Makes one of a kind: web, native, spa, machine, device.',
      change: 'Changes what is named of one.',
      disable: 'Lets one do nothing from now on.',
      enable: 'Lets it be used again.',
      delete: 'Ends one for ever.',
      'secret-add': 'Makes a second secret, shown once.',
      'secret-retire': 'Ends a secret, now or on a day.',
      plan: 'What would be done to have them as a file says.',
      apply: 'Does it, all or nothing.',
      policies: 'What an application can be held to.',
      add: 'Registers an application.',
      'registration-token': 'Words with which applications may register themselves.',
    },
  },
  resources: {
    services: ['identity'],
    verbs: {
      list: 'The servers that tokens can be for.',
      add: 'Makes one known.',
      remove: 'Makes one unknown.',
    },
  },
  'service-identities': {
    services: ['identity'],
    verbs: {
      list: 'The programs that come in their own name.',
      show: 'One of them, and its keys.',
      create: 'Makes one, with an owner and a purpose.',
      disable: 'Shuts it out from its next request on.',
      enable: 'Lets it in again.',
      delete: 'Ends it for ever, with its keys.',
      'key-add': 'Makes a key, shown once.',
      'key-rotate': 'Makes the successor of a key.',
      'key-revoke': 'Ends a key at once, everywhere.',
    },
  },
  mail: {
    services: ['identity'],
    verbs: {
      list: 'What became of letters and text messages.',
      suppressed: 'Mailboxes that nothing is sent to, and why.',
      lift: 'Lets letters go to a mailbox again.',
    },
  },
  members: {
    services: ['members'],
    verbs: { import: 'Members from a CSV file; shows every mistake by row and column first.' },
  },
  elections: {
    services: ['elections'],
    verbs: {
      list: 'All elections.',
      show: 'One election.',
      create: 'A draft from a JSON file.',
      open: 'Publishes and opens, now or at its time.',
      close: 'Closes now.',
      tally: 'Opens the ballots with the key and counts.',
    },
  },
  limits: {
    services: all,
    verbs: { show: 'What the limits have counted.', reset: 'Forgets the counters of a limit.' },
  },
  jobs: {
    services: all,
    verbs: {
      list: 'Work that is not done, mail among it.',
      retry: 'Begins failed work anew.',
    },
  },
  messages: {
    services: all,
    verbs: {
      list: 'What other services have not taken yet.',
      retry: 'Tells again what another service has not taken for a day.',
      drop: 'Gives up for good what another service will never take.',
    },
  },
  breakers: {
    services: all,
    verbs: { list: 'The breakers of the running services.', reset: 'Closes breakers.' },
  },
  audit: { services: all, verbs: { verify: 'Checks the audit logs from their first entry.' } },
  db: { services: all, verbs: { migrate: 'Brings all tables up to date.' } },
}

// What was read once is kept compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/node')
process.exitCode = main(process.argv.slice(2))

function main(argv: readonly string[]): number {
  const [noun, verb] = argv
  if (noun === undefined || noun === '--help' || noun === '-h' || noun === 'help')
    return (console.log(help(nouns)), 0)
  if (noun === '--version') return (console.log('althing 0.1.0'), 0)
  const known = nouns[noun]
  if (known === undefined) return wrong(`There is no ${noun}.`, near(noun, Object.keys(nouns)))
  if (verb === undefined || verb === '--help' || verb === '-h')
    return (console.log(helpOf(nouns, noun)), verb === undefined ? 1 : 0)
  if (known.verbs[verb] === undefined)
    return wrong(`${noun} does not know ${verb}.`, near(verb, Object.keys(known.verbs)), noun)
  const chosen = serviceOption(argv)
  if (chosen === null) return wrong('--service needs a value: --service <name>.', undefined)
  const services = known.services.filter((one) => chosen.service === undefined || chosen.service === one)
  if (services.length === 0)
    return wrong(`${noun} is no matter of ${chosen.service}.`, near(chosen.service ?? '', known.services))
  // One answer for all: the worst of their exit codes.
  const asked = chosen.argv.includes('--help') ? services.slice(0, 1) : services
  if (asked.length > 1 && isOfOneName(noun, verb, chosen.argv[2])) return runNamed(asked, chosen.argv)
  return Math.max(...asked.map((service) => run(service, chosen.argv)))
}

function run(service: string, argv: readonly string[]): number {
  const options = { stdio: 'inherit', env: environmentOf(service) } as const
  return spawnSync(process.execPath, argsOf(service, argv), options).status ?? 3
}

function argsOf(service: string, argv: readonly string[]): string[] {
  const script = fileURLToPath(new URL(`../services/${service}/cli.ts`, import.meta.url))
  return ['--disable-warning=ExperimentalWarning', script, ...argv]
}

/** It names one thing, and nobody says which service has it. */
function isOfOneName(noun: string, verb: string, name: string | undefined): boolean {
  const isOne = ['limits reset', 'breakers reset', 'jobs retry', 'messages drop'].includes(`${noun} ${verb}`)
  return isOne && name !== undefined && !name.startsWith('-')
}

/** That the others have nothing of that name is no news, as long as one has; when none has, each says what it has. */
function runNamed(services: readonly string[], argv: readonly string[]): number {
  const answers = services.map((service) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, argsOf(service, argv), {
      stdio: ['inherit', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: environmentOf(service),
    })
    return { code: status ?? 3, stdout, stderr }
  })
  const isKnown = answers.some(({ code }) => code === 0)
  const told = isKnown ? answers.filter(({ code }) => code !== 1) : answers
  for (const { stdout, stderr } of told) {
    process.stdout.write(stdout)
    process.stderr.write(stderr)
  }
  return Math.max(...told.map(({ code }) => code))
}

/** The environment as it is; what it does not say is read from the data folder of a running machine. */
function environmentOf(service: string): NodeJS.ProcessEnv {
  const kept = join(process.env['ALTHING_DATA'] ?? './data', 'settings', `${service}.env.json`)
  const file = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>) : {}
  return { ...file, ...process.env }
}

/** Null when the name is missing. */
function serviceOption(
  argv: readonly string[],
): { readonly service: string | undefined; readonly argv: readonly string[] } | null {
  const at = argv.findIndex((word) => /^--service(=|$)/.test(word))
  if (at === -1) return { service: undefined, argv }
  const inline = argv[at]?.split(/=(.*)/s)[1]
  const service = inline ?? argv[at + 1] ?? ''
  if (service === '' || service.startsWith('-')) return null
  return { service, argv: argv.toSpliced(at, inline === undefined ? 2 : 1) }
}
