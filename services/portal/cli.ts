import { runCommand } from '@althing/kernel/service'
import { portal } from './service.ts'

process.exitCode = await runCommand(portal, [], process.argv.slice(2), process.env)
