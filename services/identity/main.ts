import { runAlone } from '@althing/kernel/service'
import { identity } from './service.ts'

await runAlone(identity, process.env)
