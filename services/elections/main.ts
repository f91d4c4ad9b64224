import { runAlone } from '@althing/kernel/service'
import { elections } from './service.ts'

await runAlone(elections, process.env)
