/** What somebody takes along: one encrypted archive with everything as JSON, each table as CSV, and a page that says what it is. */
import type { Section } from '@althing/kernel/privacy'
import { configure, TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { toCsv } from './csv.ts'

export interface Part {
  readonly service: string
  readonly sections: readonly Section[]
}

export interface Contents {
  readonly madeAt: Date
  readonly person: string
  readonly organisation: string
  readonly parts: readonly Part[]
}

/** AES-256 in the form that 7-Zip, WinZip, macOS tools and libarchive open (WinZip AE-2). */
const aes256 = 3

configure({ useWebWorkers: false })

export async function makeArchive(contents: Contents, passphrase: string): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { password: passphrase, encryptionStrength: aes256 })
  for (const [name, text] of filesOf(contents))
    await zip.add(name, new TextReader(text), { lastModDate: contents.madeAt })
  return zip.close()
}

function filesOf({ madeAt, person, organisation, parts }: Contents): [name: string, text: string][] {
  const services = Object.fromEntries(
    parts.map(({ service, sections }) => [
      service,
      Object.fromEntries(sections.map(({ name, rows }) => [name, rows])),
    ]),
  )
  const json = JSON.stringify({ version: 1, madeAt: madeAt.toISOString(), person, services }, null, 2)
  const tables = parts.flatMap(({ service, sections }) =>
    sections
      .filter(({ rows }) => rows.length > 0)
      .map(({ name, rows }): [string, string] => [`${service}/${name}.csv`, toCsv(rows)]),
  )
  return [['LESTU-MIG.txt', aboutIt(organisation)], ['althing.json', `${json}\n`], ...tables]
}

const aboutIt = (organisation: string) => `${organisation}

Hér er allt sem kerfi félagsins geyma um þig, eftir þjónustum: althing.json í heild, og hver tafla sem CSV.
Hvernig þú kaust er ekki hér. Það er hvergi: kjörkassinn veit ekki hver þú ert.

This is everything that the systems of the organisation hold about you, by service: althing.json in full, and each table as CSV.
How you voted is not in here. It is nowhere: the ballot box does not know who you are.
`
