import { runAlone } from '@althing/kernel/service'
import { members } from './service.ts'

await runAlone(members, process.env)
