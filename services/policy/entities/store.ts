import { sweepRows, type Db } from '@althing/kernel/db'
import { Known, Revisions, State, type Ref } from '../contract.ts'
import type { Relation, Step, WrittenEntity } from './schema.ts'

/**
 * Owns policy_world, policy_state, policy_entity, policy_relation, policy_change and policy_subject. Whoever can write here decides what applications are
 * told about anybody.
 */
export function createEntityStore(db: Db) {
  return { ...writing(db), ...relating(db), ...reading(db), ...following(db) }
}
export type EntityStore = ReturnType<typeof createEntityStore>

function writing(db: Db) {
  return {
    /** First in every transaction that writes: so that two of them wait for each other here, and not across one another. */
    async hold(): Promise<void> {
      await db.query('select from policy_world for update')
    },

    async put(entities: readonly WrittenEntity[]): Promise<void> {
      await db.query(
        `insert into policy_entity as e (type, id, attributes)
         select type, id, attributes from jsonb_to_recordset($1::jsonb) as one (type text, id text, attributes jsonb)
         on conflict (type, id) do update set attributes = excluded.attributes, changed_at = now()
          where e.attributes is distinct from excluded.attributes`,
        [JSON.stringify(entities.map(({ type, id, properties }) => ({ type, id, attributes: properties })))],
      )
    },

    /** With every relation that it stands in: what is gone must not lend anything to one that comes under its name. */
    async remove(refs: readonly Ref[]): Promise<void> {
      const gone = JSON.stringify(refs)
      await db.query(
        `delete from policy_entity e using jsonb_to_recordset($1::jsonb) as one (type text, id text)
          where e.type = one.type and e.id = one.id`,
        [gone],
      )
      await db.query(
        `delete from policy_relation r using jsonb_to_recordset($1::jsonb) as one (type text, id text)
          where (r.object_type = one.type and r.object_id = one.id) or (r.subject_type = one.type and r.subject_id = one.id)`,
        [gone],
      )
    },

    /** What identity told; messages may arrive out of order, and the higher stamp is the later truth. */
    async putRoles(subject: string, roles: readonly string[], stamp: number): Promise<void> {
      await db.query(
        `insert into policy_subject as s (subject, roles, stamp) values ($1, $2, $3)
         on conflict (subject) do update set roles = excluded.roles, stamp = excluded.stamp, changed_at = now()
          where s.stamp <= excluded.stamp`,
        [subject, roles, stamp],
      )
    },
  }
}

function relating(db: Db) {
  return {
    async relate(relations: readonly Relation[]): Promise<void> {
      await db.query(
        `insert into policy_relation (subject_type, subject_id, relation, object_type, object_id)
         select * from ${recordset} on conflict do nothing`,
        [flat(relations)],
      )
    },

    /**
     * Of all that is in something what a way through one of these can go by: all above them; and below them those who have somebody below
     * themselves, with one of these. A group may have any number of members, and the next is as deep as the first.
     */
    async stepsThrough(refs: readonly Ref[], most: number): Promise<Step[]> {
      const rows = await db.query(
        `with recursive
           root as (select distinct type, id from jsonb_to_recordset($1::jsonb) as one (type text, id text)),
           up as (
             select r.* from root, lateral (${stepsFrom('root.type, root.id')}) r
             union select r.* from up, lateral (${stepsFrom('up.object_type, up.object_id')}) r),
           down as (
             select r.* from root, lateral (${stepsInto('root.type, root.id')}) r where ${hasBelow}
             union select r.* from down, lateral (${stepsInto('down.subject_type, down.subject_id')}) r where ${hasBelow}),
           lowest as (
             select r.* from (select * from root union select subject_type, subject_id from down) one,
               lateral (${stepsInto('one.type, one.id')} limit 1) r)
         select json_build_object('type', subject_type, 'id', subject_id) as subject,
                json_build_object('type', object_type, 'id', object_id) as object
           from (select * from up union all select * from down union all select * from lowest) step limit $2`,
        [JSON.stringify(refs), most],
      )
      return rows as unknown as Step[]
    },

    async unrelate(relations: readonly Relation[]): Promise<void> {
      await db.query(
        `delete from policy_relation r using ${recordset}
          where (r.subject_type, r.subject_id, r.relation, r.object_type, r.object_id)
              = (one.subject_type, one.subject_id, one.relation, one.object_type, one.object_id)`,
        [flat(relations)],
      )
    },
  }
}

const step = 'select subject_type, subject_id, object_type, object_id from policy_relation r'
const stepsFrom = (who: string) => `${step} where (r.subject_type, r.subject_id, r.relation) = (${who}, 'in')`
const stepsInto = (what: string) => `${step} where (r.object_type, r.object_id, r.relation) = (${what}, 'in')`
const hasBelow = `exists (select from policy_relation b
  where (b.object_type, b.object_id, b.relation) = (r.subject_type, r.subject_id, 'in'))`

const recordset = `jsonb_to_recordset($1::jsonb)
  as one (subject_type text, subject_id text, relation text, object_type text, object_id text)`

const flat = (relations: readonly Relation[]): string =>
  JSON.stringify(
    relations.map(({ subject, relation, object }) => ({
      subject_type: subject.type,
      subject_id: subject.id,
      relation,
      object_type: object.type,
      object_id: object.id,
    })),
  )

/** Everybody and everything that is known in any way; a role is a parent of its person. */
const known = (which: string) => `
  with one as (${which}),
  parent as (
    select r.subject_type as type, r.subject_id as id, jsonb_agg(jsonb_build_object('type', r.object_type, 'id', r.object_id)) as parents
      from policy_relation r join one on (r.subject_type, r.subject_id) = (one.type, one.id)
     where r.relation = 'in' group by 1, 2),
  relation as (
    select r.object_type as type, r.object_id as id, r.relation,
           jsonb_agg(jsonb_build_object('type', r.subject_type, 'id', r.subject_id)) as subjects
      from policy_relation r join one on (r.object_type, r.object_id) = (one.type, one.id)
     where r.relation <> 'in' group by 1, 2, 3),
  attribute as (select type, id, jsonb_object_agg(relation, subjects) as relations from relation group by 1, 2)
  select one.type, one.id, coalesce(e.attributes, '{}') as attributes, coalesce(attribute.relations, '{}') as relations,
         coalesce(parent.parents, '[]') || coalesce(
           (select jsonb_agg(jsonb_build_object('type', 'Role', 'id', role)) from unnest(s.roles) as role), '[]') as parents,
         s.stamp
    from one
    left join policy_entity e using (type, id)
    left join parent using (type, id)
    left join attribute using (type, id)
    left join policy_subject s on one.type = 'Person' and s.subject = one.id
   where e.id is not null or s.subject is not null
      or exists (select from policy_relation r where (r.subject_type, r.subject_id) = (one.type, one.id))
      or exists (select from policy_relation r where (r.object_type, r.object_id) = (one.type, one.id))`

function reading(db: Db) {
  return {
    async everything(): Promise<Known[]> {
      const rows = await db.query(
        known(`select type, id from policy_entity union select 'Person', subject from policy_subject
               union select subject_type, subject_id from policy_relation union select object_type, object_id from policy_relation`),
      )
      return rows.map((row) => Known.parse(row))
    },

    /** Those of them that are still known; the others are gone. */
    async some(refs: readonly Ref[]): Promise<Known[]> {
      const rows = await db.query(
        known('select distinct type, id from jsonb_to_recordset($1::jsonb) as asked (type text, id text)'),
        [JSON.stringify(refs)],
      )
      return rows.map((row) => Known.parse(row))
    },
  }
}

function following(db: Db) {
  return {
    /** One look at both: asked again and again, and so as cheap as a question can be. */
    async revisions(): Promise<State> {
      const [row] = await db.query(
        'select world, policies, world_mark as "worldMark", policies_mark as "policiesMark" from policy_revisions',
        [],
        { name: 'policy-revisions' },
      )
      return State.parse(row)
    },

    /** What has changed since; or null when not every step from there to here is kept, or when there is none: then everything has. */
    async changedSince({ world, worldMark }: Pick<State, 'world' | 'worldMark'>): Promise<Ref[] | null> {
      const [{ kept } = { kept: null }] = await db.query(
        `select count(*) = max(s.revision) - $1::bigint + 1 and count(*) filter (where (s.revision, s.mark) = ($1, $2::uuid)) = 1 as kept
           from policy_state s where s.revision >= $1`,
        [world, worldMark],
      )
      if (kept !== true) return null
      const rows = await db.query('select distinct type, id from policy_change where revision > $1', [world])
      return rows as unknown as Ref[]
    },

    /** Nothing has changed, and every node looks again as if something had: at these, and at nothing that it kept. */
    async renew(entities: readonly Ref[]): Promise<number> {
      const [row] = await db.query('update policy_world set revision = revision + 1 returning revision')
      const revision = Revisions.shape.world.parse(row?.['revision'])
      await db.query(
        `insert into policy_change (revision, type, id)
         select distinct $1::bigint, type, id from jsonb_to_recordset($2::jsonb) as one (type text, id text)`,
        [revision, JSON.stringify(entities)],
      )
      return revision
    },

    /** All but the newest of the old states, from which the first of the new ones is reached; then what is needed for none that is left. */
    async sweep(): Promise<void> {
      const old = `select max(revision) from policy_state where at < now() - interval '1 hour'`
      await sweepRows(db, 'policy_state', `revision < (${old})`)
      await sweepRows(db, 'policy_change', 'revision <= (select min(revision) from policy_state)')
    },
  }
}
