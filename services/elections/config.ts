import { fileURLToPath } from 'node:url'
import { integer, setting } from '@althing/kernel/config'
import { z } from 'zod'

/** Settings of elections beside those that every service has. */
export const Config = {
  ballotHost: setting({
    env: 'ALTHING_ELECTIONS_BALLOT_HOST',
    schema: z.string(),
    fallback: '127.0.0.1',
    doc: 'Address that the ballot origin listens on.',
  }),
  ballotPort: setting({
    env: 'ALTHING_ELECTIONS_BALLOT_PORT',
    schema: integer.min(0).max(65_535),
    fallback: '0',
    doc: 'Port of the ballot origin; 0 takes a free one.',
  }),
  keysFolder: setting({
    env: 'ALTHING_ELECTIONS_KEYS',
    schema: z.string().min(1),
    fallback: './data/keys/elections',
    doc: 'Folder of the box keys, outside the database and its backups; all nodes of the service need the same one.',
  }),
  webFolder: setting({
    env: 'ALTHING_ELECTIONS_WEB',
    schema: z.string().min(1),
    fallback: fileURLToPath(new URL('../../web/dist/', import.meta.url)),
    doc: 'Folder of the built pages: booth, verifier and the common style.',
  }),
  language: setting({
    env: 'ALTHING_ELECTIONS_LANGUAGE',
    schema: z.enum(['is', 'en']),
    fallback: 'is',
    doc: 'Language of a text that is given without one.',
  }),
  publishWaitMs: setting({
    env: 'ALTHING_ELECTIONS_PUBLISH_WAIT_MS',
    schema: integer.min(0).max(20_000),
    fallback: '5000',
    doc: 'How long opening waits for roll and manifest before it answers "pending".',
  }),
  minClass: setting({
    env: 'ALTHING_ELECTIONS_MIN_CLASS',
    schema: integer.min(1),
    fallback: '5',
    doc: 'Smallest class of voters that is secret enough without a written reason.',
  }),
  mixBatch: setting({
    env: 'ALTHING_ELECTIONS_MIX_BATCH',
    schema: integer.min(1),
    fallback: '5000',
    doc: 'Ballots that go to the board at once, while at least as many stay behind.',
  }),
  commitBatch: setting({
    env: 'ALTHING_ELECTIONS_COMMIT_BATCH',
    schema: integer.min(1).max(5_000),
    fallback: '500',
    doc: 'Ballots stored by one statement at most.',
  }),
  castBacklog: setting({
    env: 'ALTHING_ELECTIONS_CAST_BACKLOG',
    schema: integer.min(1),
    fallback: '2000',
    doc: 'Ballots in hand at most; whoever comes after that is asked to come back.',
  }),
  turnoutSeconds: setting({
    env: 'ALTHING_ELECTIONS_TURNOUT_SECONDS',
    schema: integer.min(1),
    fallback: '60',
    doc: 'The turnout shown changes at most once in so many seconds,',
  }),
  turnoutBallots: setting({
    env: 'ALTHING_ELECTIONS_TURNOUT_BALLOTS',
    schema: integer.min(1),
    fallback: '5',
    doc: 'and only when so many more have voted.',
  }),
} as const
