import { runAlone } from '@althing/kernel/service'
import { events } from './service.ts'

await runAlone(events, process.env)
