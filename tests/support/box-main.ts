/** The ballot box and its PostgreSQL as one process that can be killed: for faults and benchmarks. Told everything by BOX, as JSON. */
import { startEmbedded } from '@althing/kernel/db/embedded.ts'
import { runService } from '@althing/kernel/service'
import { elections } from '../../services/elections/service.ts'

const { folder, env } = JSON.parse(process.env['BOX'] ?? '{}') as {
  folder: string
  env: Record<string, string>
}
const database = await startEmbedded({ folder, roles: ['elections'] })
const running = await runService(elections, {
  env: { ...env, ALTHING_ELECTIONS_DATABASE_URL: database.urlFor('elections') },
})
// A box that is alone has nobody to hear revocations from.
running.kit.revocations.apply({ entries: [], latest: 0 })
setInterval(() => running.kit.revocations.apply({ entries: [], latest: 0 }), 10_000)
running.kit.authz.install(JSON.parse(env['TEST_BUNDLE'] ?? '{}') as { bundle: string; signature: string })
setInterval(() => running.kit.authz.confirm(), 10_000)
process.on('message', (word) => {
  if (word === 'verify')
    void running.kit.audit.verify().then((verdict) => process.send?.({ kind: 'verified', verdict }))
})
process.once(
  'SIGTERM',
  () =>
    void running
      .close()
      .then(() => database.stop())
      .then(() => process.exit(0)),
)
process.send?.({ kind: 'ready', addresses: running.addresses, databasePid: database.pid })
