import { runCommand } from '@althing/kernel/service'
import { events } from './service.ts'

process.exitCode = await runCommand(events, [], process.argv.slice(2), process.env)
