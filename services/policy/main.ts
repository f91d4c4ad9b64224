import { runAlone } from '@althing/kernel/service'
import { policy } from './service.ts'

await runAlone(policy, process.env)
