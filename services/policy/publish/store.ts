import type { Db } from '@althing/kernel/db'
import { History, Latest, Marked, Published, Version } from './schema.ts'

const history = `revision, kind, published_by as "publishedBy", published_at as "publishedAt", proposed_by as "proposedBy",
  is_alone as "isAlone", title, reason, draft, restores`
const version = `${history}, source, source_hash as "sourceHash", bundle, signature, misfit, overrides,
  json_build_object('policies', organisation, 'schema', organisation_schema, 'links', organisation_links,
    'tests', organisation_tests, 'compiled', organisation_compiled) as said`
/** Of this version or the nearest one before it that is not only one of overrides. */
const written = `(select max(b.revision) from policy_bundle b where b.kind <> 'override' and b.revision <= policy_bundle.revision) as written`

const published = 'revision, source_hash as "sourceHash", bundle, signature'

/** Owns the table policy_bundle. Whoever can write here can give anybody anything at the next start. */
export function createBundleStore(db: Db) {
  return {
    async latest(): Promise<Latest | null> {
      const [row] = await db.query(
        `select ${version}, ${written} from policy_bundle order by revision desc limit 1`,
      )
      return row === undefined ? null : Latest.parse(row)
    },

    /** With which version it was written what is in force in that one. */
    async writtenIn(revision: number): Promise<number | null> {
      const [row] = await db.query(`select ${written} from policy_bundle where revision = $1`, [revision])
      return row === undefined ? null : Latest.shape.written.parse(row['written'])
    },

    /** The overrides that are in the latest bundle. */
    async overrides(): Promise<readonly string[]> {
      const [row] = await db.query('select overrides from policy_bundle order by revision desc limit 1')
      return row === undefined ? [] : Version.shape.overrides.parse(row['overrides'])
    },

    async version(revision: number): Promise<(Version & History) | null> {
      const [row] = await db.query(`select ${version} from policy_bundle where revision = $1`, [revision])
      return row === undefined ? null : Version.extend(History.shape).parse(row)
    },

    async bundleOf(revision: number): Promise<Marked | null> {
      const [row] = await db.query('select bundle, mark from policy_bundle where revision = $1', [revision])
      return row === undefined ? null : Marked.parse(row)
    },

    /** Another one when it was altered, or when the database is another one. */
    async markOf(revision: number): Promise<string | null> {
      const [row] = await db.query('select mark from policy_bundle where revision = $1', [revision])
      return row === undefined ? null : Marked.shape.mark.parse(row['mark'])
    },

    /** With its signature: what nobody has signed decides nothing. */
    async signedBundleOf(revision: number): Promise<Published | null> {
      const [row] = await db.query(`select ${published} from policy_bundle where revision = $1`, [revision])
      return row === undefined ? null : Published.parse(row)
    },

    /** The newest ones, those of them that are newer. */
    async newerThan(revision: number): Promise<Published[]> {
      const rows = await db.query(
        `select ${published} from policy_bundle where revision > $1 order by revision desc limit 20`,
        [revision],
      )
      return rows.map((row) => Published.parse(row))
    },

    /** After the key has changed. */
    async sign(revision: number, signature: string): Promise<void> {
      await db.query('update policy_bundle set signature = $2 where revision = $1', [revision, signature])
    },

    /** Whether what is in force fits the release that it is in force with. */
    async isFitting(): Promise<boolean> {
      const [row] = await db.query(
        'select misfit is null as fits from policy_bundle order by revision desc limit 1',
      )
      return row?.['fits'] !== false
    },

    async list(before: number | undefined, limit: number, hasOverrides: boolean): Promise<History[]> {
      const rows = await db.query(
        `select ${history} from policy_bundle where revision < $1 and ($3 or kind <> 'override') order by revision desc limit $2`,
        [before ?? 2 ** 31 - 1, limit, hasOverrides],
      )
      return rows.map((row) => History.parse(row))
    },

    /** Of two nodes publishing at once one gets the revision; the other is told so. */
    async add({ said, misfit, ...one }: Version): Promise<boolean> {
      const rows = await db.query(
        `insert into policy_bundle (revision, source, source_hash, bundle, signature, published_by, kind, proposed_by, is_alone, title,
           reason, draft, restores, misfit, organisation, organisation_schema, organisation_links, organisation_tests, organisation_compiled, overrides)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, $16, $17, $18, $19, $20)
         on conflict do nothing returning revision`,
        [
          one.revision,
          one.source,
          one.sourceHash,
          one.bundle,
          one.signature,
          one.publishedBy,
          one.kind,
          one.proposedBy,
          one.isAlone,
          one.title,
          one.reason,
          one.draft,
          one.restores,
          misfit === null ? null : JSON.stringify(misfit),
          said.policies,
          said.schema,
          said.links,
          said.tests,
          said.compiled,
          one.overrides,
        ],
      )
      return rows.length === 1
    },
  }
}
export type BundleStore = ReturnType<typeof createBundleStore>
