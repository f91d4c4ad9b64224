/** A ballot box as a process of its own, to be killed. Settings arrive as JSON in the environment; its address goes to standard output. */
import { runService } from '@althing/kernel/service'
import { silentLog } from '@althing/kernel/telemetry'
import { elections } from '../../services/elections/service.ts'

const running = await runService(elections, {
  env: JSON.parse(process.env['BOX'] ?? '{}') as Record<string, string>,
  log: silentLog,
})
console.log(running.addresses.quiet)
