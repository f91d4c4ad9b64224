/** Commands about whom tokens of other issuers speak for: while an organisation moves over, the office has the old list in hand. */
import { Fault } from '@althing/kernel/errors'
import {
  NothingFound,
  table,
  UsageError,
  type Command,
  type CommandInput,
  textIn,
} from '@althing/kernel/service'
import { composed, find, findBy, readyJobs } from './cli-common.ts'
import { readIdentities } from './outside-tokens/list.ts'

export const identityCommands: readonly Command[] = [
  {
    noun: 'identities',
    verb: 'list',
    usage: '<id or e-mail>',
    summary: 'Shows which identities at other issuers may look as this person with a token of theirs.',
    assemble: false,
    async run(input) {
      const { id } = await find(input)
      const identities = (await composed(input).outside.listOf(id)).map(
        ({ issuer, subject, linkedBy, linkedAt, signedInAt }) => ({
          issuer,
          subject,
          by: linkedBy,
          since: linkedAt.toISOString(),
          came: signedInAt?.toISOString() ?? '-',
        }),
      )
      input.out.result({ id, identities }, identities.length === 0 ? `${id} has none.` : table(identities))
    },
  },
  {
    noun: 'identities',
    verb: 'link',
    usage: '<id or e-mail> <issuer> <subject>',
    summary:
      'Lets tokens of a trusted issuer (ALTHING_IDENTITY_TOKEN_ISSUERS) for this subject look as this person. They are told by mail.',
    assemble: false,
    async run(input) {
      const [issuer, subject] = identityIn(input)
      const { id } = await find(input)
      await readyJobs(input)
      await composed(input).outside.link(id, issuer, subject, byOf(input))
      input.out.result({ id, issuer, subject }, `${subject} at ${issuer} speaks for ${id}.`)
    },
  },
  {
    noun: 'identities',
    verb: 'unlink',
    usage: '<id or e-mail> <issuer> <subject>',
    summary: 'Takes that away: tokens are refused from the next request on, and no claim brings it back.',
    assemble: false,
    async run(input) {
      const [issuer, subject] = identityIn(input)
      const { id } = await find(input)
      await readyJobs(input)
      const { outside } = composed(input)
      const link = (await outside.listOf(id)).find((one) => one.issuer === issuer && one.subject === subject)
      await outside.unlink(id, link?.id ?? '', byOf(input))
      input.out.result({ id, unlinked: true }, `${subject} at ${issuer} speaks for ${id} no more.`)
    },
  },
  {
    noun: 'identities',
    verb: 'import',
    usage: '<issuer> <file.csv>',
    summary:
      'Links many, from a file with the columns person (an id, an address or a kennitala) and subject. Each row that cannot be linked is named, and the others are.',
    assemble: false,
    async run(input) {
      const [issuer, file] = input.positionals
      if (issuer === undefined || file === undefined)
        throw new UsageError('Say which issuer, and which file.')
      const rows = readIdentities(textIn(file))
      await readyJobs(input)
      const { outside } = composed(input)
      const refused: { row: number; why: string }[] = []
      for (const { row, person, subject } of rows)
        try {
          const { id } = await findBy(input, person)
          await outside.link(id, issuer, subject, byOf(input))
        } catch (error) {
          refused.push({ row, why: whyOf(error) })
        }
      const linked = rows.length - refused.length
      input.out.result(
        { linked, refused },
        [`${linked} linked.`, ...(refused.length === 0 ? [] : [table(refused)])].join('\n'),
      )
      return refused.length === 0 ? 0 : 2
    },
  },
]

function identityIn({ positionals: [, issuer, subject] }: CommandInput): [issuer: string, subject: string] {
  if (issuer === undefined || subject === undefined)
    throw new UsageError('Say whose, at which issuer, and which subject.')
  return [issuer, subject]
}

/** What was planned is told by its row; everything else ends the import. */
function whyOf(error: unknown): string {
  if (error instanceof Fault) return error.title
  if (error instanceof NothingFound) return error.message
  throw error
}

const byOf = ({ actor }: CommandInput) => ({ actor, session: null })
