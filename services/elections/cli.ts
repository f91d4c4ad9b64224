/** `althing elections …`: what an officer does on the page, from a terminal on the machine. Secrets come from files, never from flags. */
import { readFile, writeFile } from 'node:fs/promises'
import { hpkeDeriveKeyPair, toBase64url } from '@althing/kernel/crypto'
import { runCommand, table, UsageError, type Command } from '@althing/kernel/service'
import { z } from 'zod'
import { CreateElection, ElectionId, Release, type AdminElection } from './contract.ts'
import { createFeatures, elections, type ElectionsKit } from './service.ts'

type Input = Parameters<Command['run']>[0]

const features = ({ kit }: Input) => createFeatures(kit as unknown as ElectionsKit)
const titleOf = ({ title }: AdminElection) => title.is ?? title.en ?? ''
const line = (election: AdminElection) => ({
  id: election.id,
  status: election.publication === 'pending' ? 'publishing' : election.status,
  voted: `${election.turnout.voted}${election.turnout.exact ? '' : '+'}`,
  title: titleOf(election),
})

function idOf({ positionals }: Input): ElectionId {
  const id = ElectionId.safeParse(positionals[0])
  if (!id.success) throw new UsageError('Name an election by its id; `althing elections list` shows them.')
  return id.data
}

function show({ out }: Input, election: AdminElection): void {
  const questions = election.questions.map(
    ({ text, options }) =>
      `  ${text.is ?? text.en}\n${options.map((one) => `    ${one.id}  ${one.text.is ?? one.text.en}`).join('\n')}`,
  )
  const words = election.fingerprint === null ? [] : [`fingerprint: ${election.fingerprint.join(' ')}`]
  const problem =
    election.publication_problem === null ? [] : [`not published: ${election.publication_problem}`]
  out.result(election, [table([line(election)]), ...words, ...problem, ...questions].join('\n'))
}

/** A file with the private key, readable by its owner alone and never written over. */
async function newKey({ kit }: Input, file: string): Promise<string> {
  const pair = await hpkeDeriveKeyPair(kit.chance.bytes(32))
  const content = { public_key: toBase64url(pair.publicKey), private_key: toBase64url(pair.privateKey) }
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  return content.public_key
}

const KeyFile = z.object({ private_key: Release.shape.private_key })
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    throw new UsageError(`${file} cannot be read as JSON.`)
  }
}

const common = { noun: 'elections', assemble: false } as const

export const commands: readonly Command[] = [
  {
    ...common,
    verb: 'list',
    summary: 'All elections, newest first.',
    options: { status: { type: 'string' }, all: { type: 'boolean' } },
    async run(input) {
      const status = z.string().optional().parse(input.values['status'])
      const { elections: found } = await features(input).setup.list({
        includeHidden: input.values['all'] === true,
        limit: 200,
        ...(status === undefined ? {} : { status: status as AdminElection['status'] }),
      })
      input.out.result(found, table(found.map(line)))
    },
  },
  {
    ...common,
    verb: 'show',
    usage: '<id>',
    summary: 'One election.',
    run: async (input) => show(input, await features(input).setup.show(idOf(input))),
  },
  {
    ...common,
    verb: 'create',
    usage: '<file.json> [--key-file <new file>]',
    summary: 'A draft from a JSON file; with --key-file also a new key pair that its ballots are sealed to.',
    options: { 'key-file': { type: 'string' } },
    async run(input) {
      const [file] = input.positionals
      if (file === undefined) throw new UsageError('Name the JSON file with the election.')
      const given = CreateElection.safeParse(await readJson(file))
      if (!given.success)
        throw new UsageError(
          `The file is not an election: ${given.error.issues.map(({ path, code }) => `/${path.join('/')} (${code})`).join(', ')}`,
        )
      const keyFile = input.values['key-file']
      const sealing = typeof keyFile === 'string' ? { sealing_key: await newKey(input, keyFile) } : {}
      show(input, await features(input).setup.create({ ...given.data, ...sealing }, input.actor))
      if (typeof keyFile === 'string')
        input.out.note(
          `Keep ${keyFile} safe and apart: without it nobody can count, and whoever has it can open every ballot.`,
        )
    },
  },
  {
    ...common,
    verb: 'open',
    usage: '<id>',
    summary: 'Publishes, and opens now or at the scheduled start.',
    run: async (input) => show(input, await features(input).lifecycle.open(idOf(input), {}, input.actor)),
  },
  {
    ...common,
    verb: 'close',
    usage: '<id>',
    summary: 'Ends voting now.',
    run: async (input) =>
      show(input, await features(input).lifecycle.step(idOf(input), 'close', input.actor)),
  },
  {
    ...common,
    verb: 'tally',
    usage: '<id> --key-file <file>',
    summary: 'Releases the key, opens the ballots and counts.',
    options: { 'key-file': { type: 'string' } },
    async run(input) {
      const keyFile = input.values['key-file']
      if (typeof keyFile !== 'string')
        throw new UsageError('Name the file with the private key: --key-file <file>')
      const { private_key } = KeyFile.parse(await readJson(keyFile))
      const { tally } = features(input)
      await tally.tally(idOf(input), private_key, input.actor)
      const result = await tally.officerResults(idOf(input))
      const rows = result.questions.flatMap(({ id, options }) =>
        options.map((option) => ({
          question: id,
          option: option.id,
          votes: option.votes,
          percent: option.percentage,
        })),
      )
      input.out.result(result, table(rows))
    },
  },
]

process.exitCode = await runCommand(elections, commands, process.argv.slice(2), process.env)
