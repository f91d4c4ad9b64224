import { runAlone } from '@althing/kernel/service'
import { portal } from './service.ts'

await runAlone(portal, process.env)
