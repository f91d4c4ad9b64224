/**
 * Takes away the tables of an election that is over, without standing in the way of others: a plain `drop` of a partition
 * locks the whole table, and every cast of every election would queue behind it.
 */
import type { Database } from '@althing/kernel/db'
import type { ElectionId } from '../contract.ts'
import { partition } from './schema.ts'

type State = 'attached' | 'half detached' | 'alone'

/** @param database the pool itself: PostgreSQL detaches concurrently outside a transaction only */
export function createRooms(database: Pick<Database, 'query'>) {
  async function stateOf(table: string, name: string): Promise<State> {
    const [row] = await database.query<{ pending: boolean }>(
      'select inhdetachpending as pending from pg_inherits where inhrelid = to_regclass($1) and inhparent = $2::regclass',
      [name, table],
    )
    return row === undefined ? 'alone' : row.pending ? 'half detached' : 'attached'
  }

  return {
    /**
     * Everything that was ever stored of the intake goes with its files. Each step looks at what is there, so that whoever is
     * cut off between two of them, or while waiting for a long reader, begins again.
     */
    async drop(election: ElectionId): Promise<void> {
      for (const table of ['ballot_intake', 'ballot_burn']) {
        const name = partition(table, election)
        const state = await stateOf(table, name)
        if (state !== 'alone')
          await database.query(
            `alter table ${table} detach partition ${name} ${state === 'attached' ? 'concurrently' : 'finalize'}`,
          )
        await database.query(`drop table if exists ${name}`)
      }
    },
  }
}
