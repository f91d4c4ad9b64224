import { runCommand } from '@althing/kernel/service'
import { policy } from './service.ts'

process.exitCode = await runCommand(policy, [], process.argv.slice(2), process.env)
